"""Changes in their JSON form: FORMAT.md, section 9.1."""

import base64
import binascii
import json

from formats import Refused, need, sha256

ID, HASH, KEY = 16, 32, 65  # lengths of bytes
U8, U16, U32, U64 = "8", "16", "32", "64"  # widths of numbers
MEMBERS = {
    "device": {"key": KEY, "max_format": U16, "added_by": ID},
    "device_gone": {},
    "keyslot": {"method": ID, "slot_kind": U8, "scope": U8, "hash": HASH},
    "keyslot_gone": {},
    "record": {},
    "tombstone": {"version": U64},
    "share": {"record": ID, "set": ID, "epoch": U32, "k": U8, "n": U8, "index": U8, "store": ID, "hash": HASH},
    "share_gone": {},
}
OPTIONAL = {"keyslot": {"wrap"}, "record": {"overview", "secret"}}


def strict(text):
    """Reads JSON whose members are there once and whose numbers are written in digits alone."""
    said, refused = loose(text)
    need(not refused, "a member that is there twice, or another number")
    return said


def loose(text):
    """Reads JSON of any form. Returns it with `None` for what is refused where it is read, and how often that is."""
    refused = 0

    def no(_=None):
        nonlocal refused
        refused += 1

    def members(pairs):
        return dict(pairs) if len(dict(pairs)) == len(pairs) else no()

    def integer(digits):
        return int(digits) if digits.isdecimal() and len(digits) <= 20 and int(digits) < 2**64 else no()

    def constant(_):
        raise ValueError

    try:
        said = json.loads(text, object_pairs_hook=members, parse_int=integer, parse_float=no, parse_constant=constant)
    except (ValueError, RecursionError):
        raise Refused("no JSON") from None
    return said, refused


def take_wraps(text):
    """Returns the wraps by slot and hash that a list of changes brings. Everything else in it may have any form."""
    wraps = {}
    if not isinstance(text, str):
        return wraps
    try:
        said, _ = loose(text)
    except Refused:
        return wraps
    for change in said if isinstance(said, list) else []:
        found = {}
        try:
            take({}, found, change)
        except Refused:
            continue
        wraps.update(found)
    return wraps


def unbase64(value, length=None):
    need(isinstance(value, str), "bytes that are no text")
    try:
        data = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError):
        raise Refused("no base64url") from None
    need(base64.urlsafe_b64encode(data).rstrip(b"=").decode() == value, "another spelling of base64url")
    need(length in (None, len(data)), "bytes of another length")
    return data


def read(said, members, optional):
    """Returns the members of an object by name: bytes, numbers, and optional ones as they are."""
    need(isinstance(said, dict) and set(members) <= set(said) <= set(members) | optional, "other members")
    found = {name: said[name] for name in optional if said.get(name) is not None}
    for name, form in members.items():
        if isinstance(form, int):
            found[name] = unbase64(said[name], form)
        else:
            need(type(said[name]) is int and said[name] < 2 ** int(form), "no number, or a large one")
            found[name] = said[name]
    return found


def take(leaves, wraps, said):
    """Returns a change as (kind, id, complete leaf); wraps are kept by slot and hash. `leaves` are those before it."""
    need(isinstance(said, dict) and isinstance(said.get("kind"), str), "no change")
    kind = said["kind"]
    need(kind in MEMBERS, f"a change of kind {kind}")
    rest = {name: value for name, value in said.items() if name != "kind"}
    leaf = read(rest, {"id": ID, **MEMBERS[kind]}, OPTIONAL.get(kind, set()))
    identifier = leaf.pop("id")
    if kind == "keyslot":
        leaf["wrap_hash"] = leaf.pop("hash")
        if "wrap" in leaf:
            wrap = unbase64(leaf.pop("wrap"))
            # One that is not beside its own hash is as if it was not there.
            if sha256(wrap) == leaf["wrap_hash"]:
                wraps[identifier, leaf["wrap_hash"]] = wrap
    if kind == "record":
        parts, leaf = leaf, dict(leaves.get(("record", identifier), {}))
        for name, part in parts.items():
            part = read(part, {"version": U64, "hash": HASH}, {"blob"})
            unbase64(part.get("blob", ""))
            leaf[f"{name}_version"], leaf[f"{name}_hash"] = part["version"], part["hash"]
        need(len(leaf) == 4, "a new record without one of its parts")
    return kind, identifier, leaf
