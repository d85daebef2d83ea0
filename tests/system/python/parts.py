"""Reading both parts of a record: FORMAT.md, sections 5.3 and 5.4."""

from formats import Refused, need, need_one_type, open_blob, parse_overview, parse_secret, part_context, sha256

PARTS = {"overview": 1, "secret": 2}


class Alarm(Refused):
    """A blob is missing, or is not the one that the vault signed."""


def read_record(keys, vault, epoch, environment, identifier, leaf, blobs):
    """Returns the condition of a record, and its overview and secret if it is read. `blobs` are by the names of their parts."""
    for name in PARTS:
        where = f"the {name} of record {identifier.hex()}"
        if blobs.get(name) is None:
            raise Alarm(f"{where} is missing")
        if sha256(blobs[name]) != leaf[f"{name}_hash"]:
            raise Alarm(f"{where} is not the signed one")
    data = {}
    for name, part in PARTS.items():
        context = part_context(vault, epoch, identifier, part, leaf[f"{name}_version"], environment)
        try:
            data[name] = open_blob(keys[f"{name}_key"], name, context, blobs[name])
        except Refused:
            return "cannot be opened", None, None
    try:
        overview, secret = parse_overview(data["overview"]), parse_secret(data["secret"])
        need_one_type(overview, secret)
        need((overview["type"] == "profile") == (identifier == vault), "a profile elsewhere, or none")
    except Refused:
        return "opaque", None, None
    return "read", overview, secret
