"""Reads a vault from a server's data folder, or a backup of one, with the keys of one passkey or a recovery code, by FORMAT.md alone.

    reader.py --data DIR --vault HEX (--prf HEX [--cold-prf HEX] --rp-id HOST | --code TEXT) [--stores FILE ...]
              [--newest] [--earlier] [--environment real] [--expect FILE]
    reader.py --vectors DIR

The first follows section 10: it verifies every head from the genesis on, opens every live record and prints one JSON
document, in clear. A code may also be the text of a sheet's QR code, whose floor then has to hold.
`--newest` takes the newest head with the edge of its history and all leaves, without the heads before.
With the databases of stores it opens wallets as well; that takes the passkey's output for the cold root, or the code.
`--earlier` opens earlier secrets too. `--expect` names a JSON object whose members the document must have.
The second checks the shared vectors.
Any mismatch is one line on standard error and exit code 1. Needs Python 3.11 and `cryptography`.
"""

import argparse
import json
import pathlib
import sqlite3
import sys

sys.dont_write_bytecode = True

import recovery  # noqa: E402
import wallets  # noqa: E402
from chain import KINDS, History, State, parse_head, parse_leaf  # noqa: E402
from changes import loose, strict, take, take_wraps  # noqa: E402
from formats import Refused, need, open_blob, parse_secret, part_context, sha256, vault_keys  # noqa: E402
from methods import Opener, without_wrap  # noqa: E402
from parts import PARTS, read_record  # noqa: E402
from vectors import check as check_vectors  # noqa: E402
from vectors import plain  # noqa: E402


# What a record is that is not read, in words.
CONDITIONS = {"cannot be opened": "cannot be opened", "opaque": "made by a newer version"}
DATABASES = ("vault.db", *(f"stores/{number}/shares.db" for number in range(1, 6)))


def connect(path, backed_up):
    """Opens a database for reading. What is beside one of a backup is not a part of it."""
    mode = "immutable=1" if pathlib.Path(path).resolve() in backed_up else "mode=ro"
    return sqlite3.connect(f"{pathlib.Path(path).resolve().as_uri()}?{mode}", uri=True, isolation_level=None)


def typed(rows, *types):
    """Returns the rows whose values are of these types. One with another is as if it was not there."""
    return [row for row in rows if all(isinstance(value, kind) for value, kind in zip(row, types, strict=True))]


class Stored:
    """What the database has of a vault (section 9.3), read in one transaction."""

    def __init__(self, folder, vault, backed_up):
        path = pathlib.Path(folder) / "vault.db"
        need(path.is_file(), f"no database at {path}")
        database = connect(path, backed_up)
        try:
            database.execute("BEGIN")
            sql = "SELECT counter, past FROM accounts WHERE id = ? AND deleted IS NULL"
            account = typed(database.execute(sql, (vault,)), int, object)
            need(account, "no such vault")
            self.counter, self.past = account[0]
            sql = "SELECT kind, id, value FROM leaves WHERE account = ?"
            self.leaves = typed(database.execute(sql, (vault,)), int, bytes, bytes)
            sql = "SELECT counter, head, changes FROM commits WHERE account = ? ORDER BY counter"
            self.commits = typed(database.execute(sql, (vault,)), int, bytes, object)
            sql = "SELECT record, part, blob FROM parts WHERE account = ?"
            self.parts = {(record, part): blob for record, part, blob in typed(database.execute(sql, (vault,)), bytes, int, bytes)}
            sql = "SELECT record, version, blob FROM versions WHERE account = ?"
            self.versions = {(record, version): blob for record, version, blob in typed(database.execute(sql, (vault,)), bytes, int, bytes)}
        finally:
            database.close()


def check_backup(folder, stores):
    """Checks the files of a backup (section 9.4), and returns their paths. A data folder has no manifest."""
    folder = pathlib.Path(folder)
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        return set()
    said, _ = loose(manifest.read_text("utf-8"))
    need(type(said["format"]) is int and said["format"] == 1, "a backup of another format")
    names = [file["name"] for file in said["files"]]
    absent = [store["name"] for store in said.get("missing") or []]
    need("vault.db" in names and len(set(names + absent)) == len(names + absent), "no main database, or a file twice")
    for name in names + absent:
        need(name in DATABASES, f"{name} is no database of a server")
    for file in said["files"]:
        data = (folder / file["name"]).read_bytes()
        need((len(data), sha256(data).hex()) == (file["bytes"], file["sha256"]), f"{file['name']} is not the backed-up one")
    files = {(folder / name).resolve() for name in names}
    for store in (pathlib.Path(store).resolve() for store in stores):
        need(store in files or not store.is_relative_to(folder.resolve()), f"{store} is not a file of the backup")
    return files


def open_records(state, keys, stored, environment):
    """Returns the live records. What cannot be opened or is not understood is listed without its content."""
    records = []
    for identifier, leaf in sorted(state.of_kind("record").items()):
        blobs = {name: stored.parts.get((identifier, part)) for name, part in PARTS.items()}
        place = (state.vault, state.head["epoch"], environment)
        condition, overview, secret = read_record(keys, *place, identifier, leaf, blobs)
        record = {"id": identifier.hex(), **{f"{name}_version": leaf[f"{name}_version"] for name in PARTS}}
        said = {"overview": overview, "secret": secret} if condition == "read" else {"state": CONDITIONS[condition]}
        records.append({**record, **said})
    return records


def open_earlier(state, keys, stored, environment, record):
    """Returns the earlier secrets of an exchange key that are available, newest first."""
    identifier, earlier = bytes.fromhex(record["id"]), []
    for named in record["secret"].get("earlier", []):
        blob = stored.versions.get((identifier, named["version"]))
        context = part_context(state.vault, state.head["epoch"], identifier, 2, named["version"], environment)
        try:
            need(blob is not None and sha256(blob) == named["hash"], "not the named blob")
            secret = parse_secret(open_blob(keys["secret_key"], "secret", context, blob))
            need(secret["type"] == "exchange-key", "a secret of another type")
        except Refused:
            continue
        earlier.append({"version": named["version"], **secret})
    return earlier


def load_stores(files, vault, backed_up):
    """Returns what the stores hold for a vault: {(store, share): bytes}. Of two files of one store, the first counts."""
    held = {}
    for file in files:
        try:
            store, shares = load_store(file, vault, backed_up)
        except (Refused, sqlite3.Error):
            continue
        held.setdefault(store, shares)
    return {(store, share): data for store, shares in held.items() for share, data in shares.items()}


def load_store(file, vault, backed_up):
    """Returns the id of a store and the shares of a vault in its file."""
    database = connect(file, backed_up)
    try:
        rows = typed(database.execute("SELECT id FROM store"), bytes)
        need(len(rows) == 1 and len(rows[0][0]) == 16, "no store, or two")
        shares = database.execute("SELECT id, share FROM shares WHERE account = ?", (vault,))
        return rows[0][0], dict(typed(shares, bytes, bytes))
    finally:
        database.close()


def open_wallet(state, record, cold_root, held, environment):
    """Returns the phrase of a wallet from what its stores hold, and the indices of shares that are bad or missing."""
    overview, identifier = record["overview"], bytes.fromhex(record["id"])
    where = {name: overview[name] for name in ("set", "share_epoch", "k", "n")}
    where.update(vault=state.vault, epoch=state.head["epoch"], record=identifier, environment=environment)
    sealed = record["secret"]["phrase"]
    phrase, bad, missing = wallets.open_wallet(cold_root, where, state.of_kind("share"), held, sealed)
    return {"phrase": phrase, "bad_shares": bad, "missing_shares": missing}


def follow(stored, vault):
    """Follows all heads (steps 1 and 2), and returns the state, the wraps by slot, and the hash of each head by its counter."""
    need(stored.commits, "a vault without heads")
    state, wraps, hashes = State(vault), {}, {}
    for at, (number, head, changes) in enumerate(stored.commits, start=1):
        try:
            need(number == at, "the database numbers it otherwise")
            parse_head(head)  # which tells whether the changes can be read
            state.follow(head, [take(state.leaves, wraps, change) for change in strict(changes)])
        except Refused as why:
            raise Refused(f"head {at}: {why}") from None
        hashes[at] = state.head["hash"]
    need(stored.counter == state.head["counter"] == len(hashes), "the account's counter is not the newest head's")
    return state, of_live_slots(state, wraps), hashes


def of_live_slots(state, wraps):
    """Returns the wraps of the live slots by slot. `wraps` are by slot and hash."""
    live = {slot: leaf["wrap_hash"] for slot, leaf in state.of_kind("keyslot").items()}
    return {slot: wraps[slot, named] for slot, named in live.items() if (slot, named) in wraps}


def newest(stored, vault):
    """Returns the same as `follow` from the newest head, its history's edge and the leaves alone. Of what came before, only the wraps of live slots are read."""
    need(stored.commits and stored.commits[-1][0] == stored.counter, "no newest head")
    parse_head(stored.commits[-1][1])  # which tells whether the rest can be read
    need(isinstance(stored.past, bytes), "no such vault")
    names = {number: kind for kind, number in KINDS.items()}
    need(all(len(identifier) == 16 for _, identifier, _ in stored.leaves), "an id of another length")
    leaves = [((names[kind], identifier), parse_leaf(names[kind], value)) for kind, identifier, value in stored.leaves]
    state = State.without_past(stored.commits[-1][1], stored.past, leaves)
    need(state.vault == vault and state.head["counter"] == stored.counter, "the head of another vault or counter")
    wraps = {}
    for _, _, changes in stored.commits:
        wraps.update(take_wraps(changes))
    return state, of_live_slots(state, wraps), {state.head["counter"]: state.head["hash"]}


def all_hashes(stored, state):
    """Returns the hash of each stored head by its counter, which the newest head's history must have (section 10, step 5)."""
    log, hashes = History(), {}
    for _, head, _ in stored.commits:
        if hashes:
            log.add(hashes[len(hashes)])
        hashes[len(hashes) + 1] = parse_head(head)["hash"]
    need(log.root() == state.head["history"] and len(hashes) == state.head["counter"], "the heads before are others")
    return hashes


def check_floor(floor, vault, hashes):
    need(floor["vault"] == vault, "the sheet of another vault")
    need(floor["counter"] <= max(hashes), "the vault is older than the sheet")
    need(floor["counter"] in hashes, "no such head")
    need(hashes[floor["counter"]] == floor["head"], "another history than the one of the sheet")


def read_vault(folder, vault, opener, floor, given, environment):
    backed_up = check_backup(folder, given.stores)
    stored = Stored(folder, vault, backed_up)
    state, wraps, hashes = (newest if given.newest else follow)(stored, vault)
    slots = (vault, state.head["epoch"], state.of_kind("keyslot"), wraps)
    _, root = opener.root(*slots, 1)
    keys = vault_keys(root, vault, state.head["epoch"])
    need(keys["vault_public_key"] == state.head["vault_key"], "the heads are signed by another root")
    if floor is not None:
        needs_all = given.newest and floor["vault"] == vault and floor["counter"] < max(hashes)
        check_floor(floor, vault, all_hashes(stored, state) if needs_all else hashes)
    records = open_records(state, keys, stored, environment)
    understood = [record for record in records if "overview" in record]
    if given.earlier:
        for record in understood:
            if record["overview"]["type"] == "exchange-key":
                record["earlier_secrets"] = open_earlier(state, keys, stored, environment, record)
    if given.stores:
        held = load_stores(given.stores, vault, backed_up)
        for record in understood:
            if record["overview"]["type"] == "wallet":
                try:
                    _, cold_root = opener.root(*slots, 2, root)
                    record.update(open_wallet(state, record, cold_root, held, environment))
                except Refused as why:
                    record.update(phrase=None, refused=str(why))
    kinds = [kind for kind, _ in state.leaves]
    heads = stored.commits[-1:] if given.newest else stored.commits
    writers = [parse_head(head)["writer"] for _, head, _ in heads]
    return {
        "vault": vault.hex(),
        "heads": len(hashes),
        "counter": state.head["counter"],
        "hash": state.head["hash"].hex(),
        "history": state.head["history"].hex(),
        "devices": kinds.count("device"),
        "keyslots": kinds.count("keyslot"),
        "shares": kinds.count("share"),
        "tombstones": kinds.count("tombstone"),
        "writers": [writer.hex() for writer in writers],
        "alarms": [slot.hex() for slot in without_wrap(state.of_kind("keyslot"), wraps)],
        "records": plain(records),
    }


def main():
    arguments = argparse.ArgumentParser(prog="reader.py", description=__doc__.splitlines()[0])
    arguments.add_argument("--vectors", help="folder of vectors")
    arguments.add_argument("--data", help="data folder of a server")
    arguments.add_argument("--vault", type=bytes.fromhex, help="vault id, 32 hex digits")
    arguments.add_argument("--prf", type=bytes.fromhex, help="output of the passkey for the root, 64 hex digits")
    arguments.add_argument("--cold-prf", type=bytes.fromhex, help="output of the passkey for the cold root, 64 hex digits")
    arguments.add_argument("--rp-id", help="host that the passkey is for")
    arguments.add_argument("--code", help="recovery code or text of a sheet, in place of a passkey")
    arguments.add_argument("--stores", nargs="*", default=[], help="databases of the stores of shares")
    arguments.add_argument("--newest", action="store_true", help="do without the heads before the newest")
    arguments.add_argument("--earlier", action="store_true", help="open earlier secrets too")
    arguments.add_argument("--environment", choices=("real", "practice"), default="real")
    arguments.add_argument("--expect", help="JSON file with expected members")
    given = arguments.parse_args()
    passkey = given.prf is not None and given.rp_id is not None
    if given.vectors is None and (None in (given.data, given.vault) or passkey == (given.code is not None)):
        arguments.error("either --vectors, or --data and --vault with --prf and --rp-id, or with --code")
    try:
        if given.vectors is not None:
            document = check_vectors(given.vectors)
        else:
            environment = {"real": 1, "practice": 2}[given.environment]
            outputs = {scope: output for scope, output in ((1, given.prf), (2, given.cold_prf)) if output is not None}
            code, floor = (None, None) if given.code is None else recovery.parse_either(given.code)
            opener = Opener(outputs, given.rp_id, code)
            document = read_vault(given.data, given.vault, opener, floor, given, environment)
        if given.expect is not None:
            for name, value in json.loads(pathlib.Path(given.expect).read_text("utf-8")).items():
                need(document.get(name) == value, f"{name} is not as expected")
    except Refused as why:
        sys.exit(f"reader: {why}")
    except (KeyError, TypeError, ValueError, OverflowError, OSError, sqlite3.Error) as broken:
        sys.exit(f"reader: cannot read: {type(broken).__name__}: {broken}")
    json.dump(document, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
