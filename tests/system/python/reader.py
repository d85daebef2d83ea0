"""Reads a vault from a server's data folder with the keys of one passkey or a recovery code, by FORMAT.md alone.

    reader.py --data DIR --vault HEX (--prf HEX [--cold-prf HEX] --rp-id HOST | --code TEXT) [--stores FILE ...]
              [--environment real] [--expect FILE]
    reader.py --vectors DIR

The first verifies every head from the genesis on, opens every live record and prints one JSON document, in clear.
With the databases of stores it opens wallets as well; that takes the passkey's output for the cold root, or the recovery code.
`--expect` names a JSON object whose members the document must have. The second checks the shared vectors.
Any mismatch is one line on standard error and exit code 1. Needs Python 3.11 and `cryptography`.
"""

import argparse
import base64
import json
import pathlib
import sqlite3
import sys

sys.dont_write_bytecode = True

import recovery  # noqa: E402
import wallets  # noqa: E402
from chain import State, parse_head  # noqa: E402
from formats import (  # noqa: E402
    Refused,
    need,
    open_blob,
    open_wrap,
    parse_overview,
    parse_secret,
    parse_wrap,
    part_context,
    sha256,
    vault_keys,
)
from vectors import check as check_vectors  # noqa: E402
from vectors import plain  # noqa: E402


def load(folder, vault):
    """Returns what the database has: counter, [(counter, head, changes)], {(record, part): (version, blob)}."""
    path = pathlib.Path(folder).resolve() / "vault.db"
    need(path.is_file(), f"no database at {path}")
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        database.execute("BEGIN")
        account = database.execute("SELECT counter FROM accounts WHERE id = ?", (vault,)).fetchone()
        need(account is not None, "no such vault")
        sql = "SELECT counter, head, changes FROM commits WHERE account = ? ORDER BY counter"
        commits = [(n, head, json.loads(changes)) for n, head, changes in database.execute(sql, (vault,))]
        sql = "SELECT record, part, version, blob FROM parts WHERE account = ?"
        parts = {(record, part): (version, blob) for record, part, version, blob in database.execute(sql, (vault,))}
        return account[0], commits, parts
    finally:
        database.close()


def unbase64(value):
    data = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    need(base64.urlsafe_b64encode(data).rstrip(b"=").decode() == value, "another spelling of base64url")
    return data


def take(state, wraps, stored):
    """Returns one stored change as (kind, id, complete leaf); wraps are kept by slot."""
    kind, identifier = stored["kind"], unbase64(stored["id"])
    if kind == "device":
        leaf = {"key": unbase64(stored["key"]), "max_format": stored["max_format"], "added_by": unbase64(stored["added_by"])}
    elif kind == "keyslot":
        wraps[identifier] = unbase64(stored["wrap"])
        leaf = {"slot_kind": stored["slot_kind"], "scope": stored["scope"], "wrap_hash": sha256(wraps[identifier])}
    elif kind == "tombstone":
        leaf = {"version": stored["version"]}
    elif kind in ("keyslot_gone", "share_gone"):
        leaf = {}
    elif kind == "share":
        leaf = {name: stored[name] for name in ("epoch", "k", "n", "index")}
        leaf.update({name: unbase64(stored[name]) for name in ("set", "store", "hash")})
    else:
        need(kind == "record", f"a change of kind {kind}")
        leaf = dict(state.leaves.get(("record", identifier), {}))
        for name in ("overview", "secret"):
            part = stored.get(name)
            if part is not None:
                leaf[f"{name}_version"], leaf[f"{name}_hash"] = part["version"], unbase64(part["hash"])
        need(len(leaf) == 4, "a new record without one of its parts")
    return kind, identifier, leaf


class Way:
    """A passkey's outputs by scope at an RP id, or a recovery code."""

    def __init__(self, outputs, rp_id, code):
        self.outputs, self.rp_id, self.code = outputs, rp_id, code

    def open(self, scope, *where):
        kind, named, _ = parse_wrap(where[-1])
        if self.code is not None:
            return recovery.open_wrap(self.code, scope, *where)
        need(kind == 1 and scope in self.outputs, "not a way in of this kind")
        return open_wrap(self.outputs[scope], self.rp_id, scope, named, *where)

    def root(self, state, wraps, scope):
        """Returns the contents of the first slot of the scope that this opens."""
        for (kind, slot), leaf in state.leaves.items():
            if kind == "keyslot" and leaf["scope"] == scope:
                try:
                    return self.open(scope, state.vault, state.head["epoch"], slot, wraps[slot])
                except Refused:
                    continue
        raise Refused(f"no keyslot of scope {scope} opens")


def open_records(state, keys, parts, environment):
    records, epoch = [], state.head["epoch"]
    for (kind, identifier), leaf in sorted(state.leaves.items()):
        if kind != "record":
            continue
        opened = {"id": identifier.hex()}
        for part, (name, parse) in enumerate((("overview", parse_overview), ("secret", parse_secret)), start=1):
            version, where = leaf[f"{name}_version"], f"the {name} of record {identifier.hex()}"
            stored = parts.pop((identifier, part), None)
            need(stored is not None, f"{where} is missing")
            need(stored[0] == version and sha256(stored[1]) == leaf[f"{name}_hash"], f"{where} is not the signed one")
            context = part_context(state.vault, epoch, identifier, part, version, environment)
            try:
                opened[name] = parse(open_blob(keys[f"{name}_key"], name, context, stored[1]))
            except Refused as why:
                raise Refused(f"{where}: {why}") from None
            opened[f"{name}_version"] = version
        need(opened["overview"]["type"] == opened["secret"]["type"], f"record {identifier.hex()} is of two types")
        records.append(opened)
    need(not parts, "the database has a part that no live record names")
    return records


def load_stores(files, vault):
    """Returns what the stores hold for a vault: {(store, share): bytes}."""
    held = {}
    for file in files:
        database = sqlite3.connect(f"{pathlib.Path(file).resolve().as_uri()}?mode=ro", uri=True)
        try:
            (store,) = database.execute("SELECT id FROM store").fetchone()
            for share, data in database.execute("SELECT id, share FROM shares WHERE account = ?", (vault,)):
                held[store, share] = data
        finally:
            database.close()
    return held


def open_wallet(state, record, cold_root, held, environment):
    """Returns the phrase of a wallet from what its stores hold, and the indices of shares that are missing or bad."""
    overview, bad, good = record["overview"], [], []
    where = {name: overview[name] for name in ("set", "share_epoch", "k", "n")}
    where.update(vault=state.vault, epoch=state.head["epoch"], record=bytes.fromhex(record["id"]), environment=environment)
    for (kind, identifier), leaf in state.leaves.items():
        if kind != "share" or leaf["set"] != where["set"]:
            continue
        share = held.get((leaf["store"], identifier))
        try:
            need(share is not None and wallets.parse_share(share)[1] == leaf, "not the share of the tree")
            good.append((leaf["index"], *wallets.open_share(cold_root, where, leaf["index"], leaf["store"], share)))
        except Refused:
            bad.append(leaf["index"])
    key, left_out = wallets.combine(good, where)
    return {"phrase": wallets.open_phrase(key, where, record["secret"]["phrase"]), "bad_shares": sorted(bad + left_out)}


def read_vault(folder, vault, way, stores, environment):
    counter, commits, parts = load(folder, vault)
    need(commits, "a vault without heads")
    state, wraps = State(vault), {}
    for at, (number, head, changes) in enumerate(commits, start=1):
        try:
            need(number == at, "the database numbers it otherwise")
            state.follow(head, [take(state, wraps, change) for change in changes])
        except Refused as why:
            raise Refused(f"head {at}: {why}") from None
    need(counter == state.head["counter"] == len(commits), "the account's counter is not the newest head's")
    keys = vault_keys(way.root(state, wraps, 1), vault, state.head["epoch"])
    need(keys["vault_public_key"] == state.head["vault_key"], "the heads are signed by another root")
    records = open_records(state, keys, parts, environment)
    if stores:
        cold_root, held = way.root(state, wraps, 2), load_stores(stores, vault)
        for record in records:
            if record["overview"]["type"] == "wallet":
                record.update(open_wallet(state, record, cold_root, held, environment))
    kinds = [kind for kind, _ in state.leaves]
    return {
        "vault": vault.hex(),
        "heads": len(commits),
        "counter": state.head["counter"],
        "hash": state.head["hash"].hex(),
        "devices": kinds.count("device"),
        "keyslots": kinds.count("keyslot"),
        "shares": kinds.count("share"),
        "tombstones": kinds.count("tombstone"),
        "writers": [parse_head(head)["writer"].hex() for _, head, _ in commits],
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
    arguments.add_argument("--code", help="recovery code, in place of a passkey")
    arguments.add_argument("--stores", nargs="*", default=[], help="databases of the stores of shares")
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
            outputs = {1: given.prf} | ({} if given.cold_prf is None else {2: given.cold_prf})
            way = Way(outputs, given.rp_id, None if given.code is None else recovery.parse(given.code))
            document = read_vault(given.data, given.vault, way, given.stores, environment)
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
