"""Checks the vectors of crypto-wasm/vectors: each must have the recorded result, or be refused."""

import hashlib
import json
import pathlib

import changes as json_form
import formats
import recovery as codes
import signatures
import wallets
from chain import BYTES, KINDS, GONE, History, Newer, State, check_included, leaf_hash, leaf_value, parse_head, parse_leaf, position, read_front, tree_root
from formats import Refused, need
from methods import Opener, without_wrap
from parts import Alarm, read_record
from signatures import verify


def plain(value):
    """Converts bytes to hex, wherever they occur."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.hex() if isinstance(value, bytes) else value


def change(said):
    leaf = {name: bytes.fromhex(value) if name in BYTES | {"id"} else value for name, value in said.items()}
    return leaf.pop("kind"), leaf.pop("id"), leaf


def encoding(given, h):
    tags = {field["tag"]: field["optional"] for field in given["fields"]}
    required = [tag for tag, optional in tags.items() if not optional]
    return {"values": {str(tag): value for tag, value in formats.dec(given["label"], h("bytes"), required, tags).items()}}


def derive(given, h):
    if given["derive"] == "vault":
        return formats.vault_keys(h("root"), h("vault"), given["epoch"])
    if given["derive"] == "local":
        return {"local_key": formats.derive(h("root"), "local", h("vault"), given["epoch"])}
    if given["derive"] == "prf inputs":
        return {"root": formats.prf_input(1), "cold": formats.prf_input(2)}
    if given["derive"] == "prf outputs":
        formats.check_outputs(h("first"), h("second"))
        return {}
    if given["derive"] == "roots":
        formats.check_roots(h("root"), h("cold_root"))
        return {}
    return {"kek": formats.passkey_key(h("prf"), given["rp_id"], given["scope"], h("credential_id"))}


def seal(given, h):
    part, parse = {"overview": (1, formats.parse_overview), "secret": (2, formats.parse_secret)}[given["purpose"]]
    place = (h("vault"), given["epoch"], h("record"), part, given["version"], given["environment"])
    if "random" in given:
        parse(h("content"))
        return {"blob": formats.seal(h("key"), given["purpose"], formats.part_context(*place), h("content"), h("random"))}
    content = formats.open_blob(h("key"), given["purpose"], formats.part_context(*place), h("blob"))
    parse(content)
    return {"content": content}


def keyslot(given, h):
    where = (h("credential_id"), h("vault"), given["epoch"], h("slot"), h("wrap"))
    return {"root": formats.open_wrap(h("prf"), given["rp_id"], given["scope"], *where)}


def slots(given, h):
    need(given["scope"] in (1, 2), "an unknown scope")
    opened, unreadable = None, []
    for slot in given["slots"]:
        said, wrap = {name: bytes.fromhex(slot[name]) for name in ("id", "hash", "wrap")}, bytes.fromhex(slot["wrap"])
        need(slot["slot_kind"] in (1, 3) and slot["scope"] in (1, 2), "an unknown keyslot")
        need(formats.sha256(wrap) == said["hash"], "not the wrap of the leaf")
        try:
            need(formats.parse_wrap(wrap)[0] == slot["slot_kind"], "a wrap of another kind than the leaf's")
        except Refused:
            unreadable.append(slot["id"])
            continue
        if opened is None and slot["scope"] == given["scope"]:
            where = (h("credential_id"), h("vault"), given["epoch"], said["id"], wrap)
            try:
                opened = slot, formats.open_wrap(h("prf"), given["rp_id"], given["scope"], *where)
            except Refused:
                continue
    need(opened is not None, "no keyslot opens")
    slot, root = opened
    return {"slot": slot["id"], "method": slot["method"], "root": root, "unreadable": unreadable}


def roots(given, h):
    slots, wraps = {}, {}
    for said in given["slots"]:
        need(said["slot_kind"] in (1, 3) and said["scope"] in (1, 2), "an unknown keyslot")
        slot = bytes.fromhex(said["id"])
        slots[slot] = {"slot_kind": said["slot_kind"], "scope": said["scope"], "wrap_hash": bytes.fromhex(said["hash"])}
        if said["wrap"] is not None:
            wraps[slot] = bytes.fromhex(said["wrap"])
    opener = Opener({1: h("prf"), 2: h("cold_prf")}, given["rp_id"], None, h("credential_id") if "credential_id" in given else None)
    place = (h("vault"), given["epoch"], slots, wraps)
    slot, root = opener.root(*place, 1)
    try:
        cold_slot, cold_root = opener.root(*place, 2, root)
    except Refused:
        cold_slot, cold_root = None, None
    return {"slot": slot, "root": root, "cold_slot": cold_slot, "cold_root": cold_root, "alarms": without_wrap(slots, wraps)}


def parts(given, h):
    keys = {name: h(name) for name in ("overview_key", "secret_key")}
    leaf = {f"{name}_hash": h(f"{name}_hash") for name in ("overview", "secret")}
    leaf.update({f"{name}_version": given[f"{name}_version"] for name in ("overview", "secret")})
    blobs = {name: h(name) for name in ("overview", "secret") if given[name] is not None}
    need(given["environment"] in (1, 2), "an unknown environment")
    try:
        condition, _, _ = read_record(keys, h("vault"), given["epoch"], given["environment"], h("record"), leaf, blobs)
    except Alarm:
        condition = "alarm"
    return {"condition": condition}


def record(given, h):
    if given["part"] == "both":
        overview, secret = formats.parse_overview(h("overview")), formats.parse_secret(h("secret"))
        formats.need_one_type(overview, secret)
        return {"overview": overview, "secret": secret}
    return {"overview": formats.parse_overview, "secret": formats.parse_secret}[given["part"]](h("content"))


def leaf(given, h):
    kind, identifier, said = change(given)
    where, value = position(kind, identifier), leaf_value(kind, said)
    need(parse_leaf(kind, value) == said, "a leaf that is not read back")
    return {"value": value, "position": where, "leaf": leaf_hash(where, value)}


def tree(given, h):
    leaves = {bytes.fromhex(one["position"]): bytes.fromhex(one["leaf"]) for one in given["leaves"]}
    need(tree_root(leaves) == h("root") and len(leaves) == given["count"], "another root or count")
    return {}


def head(given, h):
    parsed = parse_head(h("head"))
    verify(parsed, h("device_key"))
    return {name: value for name, value in parsed.items() if not name.endswith("signature")}


def newer(given, h):
    try:
        read_front(h("head"))
    except Newer as later:
        later.need_signed_by(h("vault_key"))
        return {}
    raise Refused("a head that this version reads")


def history(given, h):
    log = History(h("edge"))
    for one in given["heads"]:
        log.add(bytes.fromhex(one))
    return {"count": log.count, "root": log.root(), "edge": log.stored()}


def changes(given, h):
    live = {(kind, identifier): leaf for kind, identifier, leaf in map(change, given.get("live", []))}
    kind, identifier, leaf = json_form.take(live, {}, json_form.strict(given["text"]))
    said = {"kind": KINDS[GONE.get(kind, kind)], "id": identifier}
    return said if kind in GONE else {**said, "value": leaf_value(kind, leaf)}


def copies(given, h):
    said = b"crystallum/1/copy" + h("record") + h("overview_hash") + h("secret_hash")
    need(hashlib.sha256(said).digest()[:16] == h("copy"), "another id")
    return {}


def inclusion(given, h):
    proof = [bytes.fromhex(one) for one in given["proof"]]
    check_included(given["counter"], h("head"), given["count"], h("root"), proof)
    return {}


def chain(given, h):
    return follow(State(h("vault")), given)


def continued(given, h):
    leaves = [((kind, identifier), leaf) for kind, identifier, leaf in map(change, given["leaves"])]
    return follow(State.without_past(h("head"), h("edge"), leaves), given)


def follow(state, given):
    for at, step in enumerate(given["steps"]):
        try:
            state.follow(bytes.fromhex(step["head"]), [change(said) for said in step["changes"]])
        except Refused as refused:
            refused.at = at
            raise
    said = {name: state.head[name] for name in ("counter", "hash", "history", "root", "leaves")}
    return {**said, "live": len(state.leaves)}


def state(given, h):
    leaves = [((kind, identifier), leaf) for kind, identifier, leaf in map(change, given["leaves"])]
    reached = State.without_past(h("head"), h("edge"), leaves)
    return {name: reached.head[name] for name in ("counter", "hash")}


def shares(given, h):
    where = {name: given[name] for name in ("epoch", "share_epoch", "k", "n", "environment")}
    where.update({name: h(name) for name in ("vault", "record", "set")})
    leaves = {identifier: leaf for _, identifier, leaf in map(change, given["leaves"])}
    held = {tuple(bytes.fromhex(one[name]) for name in ("store", "id")): bytes.fromhex(one["share"]) for one in given["held"]}
    phrase, bad, missing = wallets.open_wallet(h("cold_root"), where, leaves, held, h("sealed"))
    return {"entropy": phrase["entropy"], "bad": bad, "missing": missing}


def recovery(given, h):
    what = given["recovery"]
    if what == "text":
        return {"text": codes.text(codes.parse(given["text"]))}
    if what == "code":
        return codes.derived(h("code"))
    if what == "wrap":
        where = (h("vault"), given["epoch"], h("slot"), h("wrap"))
        return {"root": codes.open_wrap(h("code"), given["scope"], *where)}
    if what == "sheet":
        return codes.parse_sheet(given["text"])
    signed = (given["host"], h("server_nonce"), h("client_nonce"), h("device_key_hash"), given["purpose"])
    if what == "sign":
        return codes.sign(h("code"), *signed)
    codes.verify(h("verifier"), h("signature"), *signed)
    return {}


def vault_login(given, h):
    message = signatures.vault_login(given["host"], h("server_nonce"), h("device_key"))
    signatures.verify_both(message, h("vault_key"), h("vault_signature"), h("device_key"), h("device_signature"))
    return {"message": message}


def wallet(given, h):
    what = given["wallet"]
    if what == "store":
        return wallets.store_keys(h("cold_root"), h("vault"), given["epoch"], h("store"))
    where = {name: given[name] for name in ("epoch", "share_epoch", "k", "n", "environment")}
    where.update({name: h(name) for name in ("vault", "record", "set")})
    if what == "dealing":
        shares, check = wallets.deal(h("key"), [bytes.fromhex(one) for one in given["coefficients"]], where)
        return {"check": check, "shares": shares}
    if what == "combine":
        shares = [(one["index"], bytes.fromhex(one["value"]), bytes.fromhex(one["check"])) for one in given["shares"]]
        key, left_out = wallets.combine(shares, where)
        return {"key": key, "left_out": left_out}
    if what == "share":
        share = h("share")
        value, check = wallets.open_share(h("cold_root"), where, given["index"], h("store"), share)
        return {"value": value, "check": check, "hash": formats.sha256(share)}
    return wallets.open_phrase(h("key"), where, h("sealed"))


FORMATS = (encoding, derive, seal, keyslot, slots, roots, parts, continued, shares, record, leaf, tree, head, newer, history, inclusion, copies, changes, chain, state, recovery, vault_login, wallet)
CHECKS = {check.__name__: check for check in FORMATS}
CHECKS.update(records=record, record_fields=record, earlier_roots=record, leaves=leaf)
CHECKS.update(methods_chain=chain, devices_chain=chain, wallet_chain=chain)


def check(folder):
    """Returns the counts of accepted and refused vectors by file. Stops at the first vector with another result."""
    counts = {}
    paths = sorted(pathlib.Path(folder).glob("*.json"))
    need({path.stem for path in paths} == set(CHECKS), "another set of files")
    for path in paths:
        accepted = refused = 0
        for vector in json.loads(path.read_text("utf-8"))["vectors"]:
            name, given = f"{path.stem}: {vector['name']}", vector["input"]
            try:
                output = plain(CHECKS[path.stem](given, lambda field: bytes.fromhex(given[field])))
            except Refused as why:
                need(vector["expect"] == "refused", f"{name} was refused: {why}")
                need(vector.get("refused_at") == getattr(why, "at", None), f"{name} was refused elsewhere: {why}")
                refused += 1
            else:
                need(vector["expect"] == "accepted", f"{name} was accepted")
                need(output == vector["output"], f"{name} says something else")
                accepted += 1
        need(accepted and refused, f"{path.stem} has too few vectors")
        counts[path.stem] = {"accepted": accepted, "refused": refused}
    return counts
