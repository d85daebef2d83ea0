"""Leaves, tree and heads: FORMAT.md, sections 6 and 7."""

from formats import VERSIONS, Refused, dealing, dec, enc, need, sha256, u
from signatures import verify, verify_strictly

KINDS = {"record": 1, "tombstone": 2, "keyslot": 3, "device": 4, "share": 5}
GONE = {"device_gone": "device", "keyslot_gone": "keyslot", "share_gone": "share"}
GENESIS, WRITE, JOIN, METHODS, WALLET, REKEY, DEVICES = 1, 2, 3, 5, 6, 7, 8
MAX_FORMAT = 1
# The fields of leaves that are bytes; all others are numbers.
BYTES = {"key", "added_by", "method", "wrap_hash", "overview_hash", "secret_hash", "record", "set", "store", "hash"}

# 6. Tree


def position(kind, identifier):
    return sha256(bytes([3, KINDS[kind]]), identifier)


def leaf_value(kind, leaf):
    if kind == "record":
        fields = {
            1: u(leaf["overview_version"], 8),
            2: leaf["overview_hash"],
            3: u(leaf["secret_version"], 8),
            4: leaf["secret_hash"],
        }
    elif kind == "tombstone":
        fields = {1: u(leaf["version"], 8)}
    elif kind == "keyslot":
        need(leaf["slot_kind"] in (1, 3) and leaf["scope"] in (1, 2), "an unknown keyslot")
        fields = {1: leaf["method"], 2: u(leaf["slot_kind"], 1), 3: u(leaf["scope"], 1), 4: leaf["wrap_hash"]}
    elif kind == "share":
        numbers = {3: u(leaf["epoch"], 4), 4: u(leaf["k"], 1), 5: u(leaf["n"], 1), 6: u(leaf["index"], 1)}
        fields = {1: leaf["record"], 2: leaf["set"], **numbers, 7: leaf["store"], 8: leaf["hash"]}
    else:
        fields = {1: leaf["key"], 2: u(leaf["max_format"], 2), 3: leaf["added_by"]}
    return enc("crystallum/1/leaf/" + kind, fields)


def parse_leaf(kind, value):
    """Returns the leaf with this value, which has one spelling."""
    names = {
        "record": ("overview_version", "overview_hash", "secret_version", "secret_hash"),
        "tombstone": ("version",),
        "keyslot": ("method", "slot_kind", "scope", "wrap_hash"),
        "device": ("key", "max_format", "added_by"),
        "share": ("record", "set", "epoch", "k", "n", "index", "store", "hash"),
    }[kind]
    fields = dec("crystallum/1/leaf/" + kind, value, range(1, len(names) + 1))
    said = dict(zip(names, fields.values()))
    leaf = {name: data if name in BYTES else int.from_bytes(data, "big") for name, data in said.items()}
    need(leaf_value(kind, leaf) == value, "another spelling of a leaf")
    return leaf


def leaf_hash(where, value):
    return sha256(b"\0", where, sha256(value))


def tree_root(leaves, depth=0):
    """Returns the root hash over {position: leaf hash}, split bit by bit."""
    if len(leaves) < 2:
        return next(iter(leaves.values()), bytes(32))
    left, right = {}, {}
    for where, leaf in leaves.items():
        side = right if where[depth // 8] >> (7 - depth % 8) & 1 else left
        side[where] = leaf
    return sha256(b"\1", tree_root(left, depth + 1), tree_root(right, depth + 1))


# 7. Heads


class Newer(Refused):
    """The head may be of a newer version: `body` and the vault's signature are all that is read of it."""

    def __init__(self, body, signature):
        super().__init__("a newer version may have written this head")
        self.body, self.signature = body, signature

    def need_signed_by(self, vault_key):
        verify_strictly(vault_key, self.signature, b"crystallum/1/head" + sha256(b"\2", self.body))


def read_front(data):
    """Checks the front of a head, and raises `Newer` for one of a newer version."""
    need(len(data) >= 5, "a head is cut")
    need(data[0] and data[1] and data[4], "a format, suite or operation of 0")
    newer = data[:2] != VERSIONS or int.from_bytes(data[2:4], "big") > MAX_FORMAT
    if newer or data[4] == REKEY:
        signatures = 192 if data[4] == REKEY else 128
        need(len(data) - signatures >= 5, "a head is cut")
        body, signed = data[:-signatures], data[-signatures:]
        raise Newer(body, signed[-64:] if data[4] == REKEY else signed[:64])


def parse_head(data):
    at = 0

    def take(length):
        nonlocal at
        at += length
        need(at <= len(data), "a head is cut")
        return data[at - length : at]

    def integer(width):
        return int.from_bytes(take(width), "big")

    read_front(data)
    take(2)
    min_format, op = integer(2), integer(1)
    need(op in (GENESIS, WRITE, JOIN, METHODS, WALLET, DEVICES), "an unknown operation")
    head = {"min_format": min_format, "op": op, "vault": take(16), "epoch": integer(4), "counter": integer(8)}
    parents = integer(1)
    need(parents in (0, 1), "more parents than one")
    head["prev"] = take(32) if parents else None
    head.update(history=take(32), root=take(32), leaves=integer(8), writer=take(16))
    head.update(time=integer(8), vault_key=take(32))
    head["hash"] = sha256(b"\2", data[:at])
    head.update(vault_signature=take(64), device_signature=take(64))
    need(at == len(data), "bytes after the head")
    return head


class History:
    """The right edge of the Merkle tree over the hashes of heads (RFC 9162, section 2.1.1)."""

    def __init__(self, edge=bytes(8)):
        self.count = int.from_bytes(edge[:8], "big")
        need(len(edge) == 8 + 32 * self.count.bit_count(), "an edge with another number of hashes")
        self.edge = [edge[at : at + 32] for at in range(8, len(edge), 32)]

    def add(self, head):
        need(self.count < 2**64 - 1, "no head can follow")
        right = sha256(b"\0", head)
        count = self.count
        while count & 1:
            right = sha256(b"\1", self.edge.pop(), right)
            count >>= 1
        self.edge.append(right)
        self.count += 1

    def root(self):
        if not self.edge:
            return sha256(b"")
        root = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            root = sha256(b"\1", left, root)
        return root

    def stored(self):
        return u(self.count, 8) + b"".join(self.edge)


def check_included(counter, head, count, root, proof):
    """Checks the proof that a head is one of the first `count` (RFC 9162, section 2.1.3.2)."""
    need(1 <= counter <= count, "a head that the history cannot have")
    at, last, found = counter - 1, count - 1, sha256(b"\0", head)
    for sibling in proof:
        need(last, "a proof with too many hashes")
        if at & 1 or at == last:
            found = sha256(b"\1", sibling, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = sha256(b"\1", found, sibling)
        at, last = at >> 1, last >> 1
    need(last == 0 and found == root, "a head that is not in the history")


def tree_of(leaves):
    """Returns the root of the tree over {(kind, id): leaf}."""
    hashes = {}
    for (kind, identifier), leaf in leaves.items():
        where = position(kind, identifier)
        hashes[where] = leaf_hash(where, leaf_value(kind, leaf))
    return tree_root(hashes)


def by_method(slots):
    """Groups slots into complete methods: {method id: slot kind}."""
    methods = {}
    for slot in slots:
        methods.setdefault(slot["method"], []).append(slot)
    for pair in methods.values():
        need(sorted(slot["scope"] for slot in pair) == [1, 2], "a method without exactly one slot of each scope")
        need(pair[0]["slot_kind"] == pair[1]["slot_kind"], "a method of two kinds")
    return methods


def live_methods(slots):
    """Returns the ids of the methods that these slots make, of which those for the root tell (7.5)."""
    return {slot["method"] for slot in slots if slot["scope"] == 1}


class State:
    """The live leaves of a vault, its newest head, and the history of all heads."""

    def __init__(self, vault):
        self.vault, self.head, self.leaves, self.history = vault, None, {}, History()

    @classmethod
    def without_past(cls, data, edge, leaves):
        """Returns the state of a head, with the edge of the history before it, and all leaves (7.5). `leaves` are ((kind, id), leaf)."""
        head = parse_head(data)
        given, leaves = len(leaves), dict(leaves)
        need(given == len(leaves), "a leaf twice")
        state = cls(head["vault"])
        state.history, state.leaves = History(edge), leaves
        need(state.history.count + 1 == head["counter"], "the history of another counter")
        need(head["history"] == state.history.root(), "another history")
        need((tree_of(leaves), len(leaves)) == (head["root"], head["leaves"]), "another tree than the signed one")
        need(("device", head["writer"]) in leaves, "the writer is no device of the vault")
        verify(head, leaves["device", head["writer"]]["key"])
        state.head = head
        state.history.add(head["hash"])
        return state

    def follow(self, data, changes):
        """Advances to the next head. `changes` are (kind, id, leaf): complete for a record, empty for what is removed."""
        head = parse_head(data)
        if self.head is None:
            self.check_first(head)
        else:
            self.check_next(head)
        need(head["history"] == self.history.root(), "another history")
        same = {"tombstone": "record", **GONE}
        subjects = [(same.get(kind, kind), identifier) for kind, identifier, _ in changes]
        need(len(set(subjects)) == len(subjects), "one object changed twice")
        for kind, _, leaf in changes:
            need(kind != "device" or leaf["max_format"] >= 1, "a device that reads no format")
        rules = {
            GENESIS: self.genesis,
            WRITE: self.write,
            JOIN: self.join,
            METHODS: self.methods,
            WALLET: self.wallet,
            DEVICES: self.devices,
        }
        rules[head["op"]](head, changes)
        leaves = dict(self.leaves)
        for kind, identifier, leaf in changes:
            if kind == "tombstone":
                del leaves["record", identifier]
            if kind in GONE:
                del leaves[GONE[kind], identifier]
            else:
                leaves[kind, identifier] = leaf
        formats = [leaf["max_format"] for (kind, _), leaf in leaves.items() if kind == "device"]
        need(head["min_format"] <= min(formats), "a device that cannot read this")
        need((tree_of(leaves), len(leaves)) == (head["root"], head["leaves"]), "another tree than the signed one")
        known = self.leaves if head["op"] not in (GENESIS, JOIN) else leaves
        need(("device", head["writer"]) in known, "the writer is no device of the vault")
        verify(head, known["device", head["writer"]]["key"])
        self.head, self.leaves = head, leaves
        self.history.add(head["hash"])

    def check_first(self, head):
        need(head["op"] == GENESIS and head["prev"] is None, "the first head is no genesis")
        need((head["counter"], head["epoch"], head["min_format"]) == (1, 1, 1), "a genesis with other numbers")
        need(head["vault"] == self.vault, "the head of another vault")

    def check_next(self, head):
        mine = self.head
        for field in ("vault", "epoch", "vault_key"):
            need(head[field] == mine[field], f"another {field}")
        need(head["op"] != GENESIS, "a second genesis")
        need(head["counter"] == mine["counter"] + 1, "a counter that does not follow")
        need(head["prev"] == mine["hash"], "another parent")
        need(head["min_format"] >= mine["min_format"], "a lower min format")

    def of_kind(self, kind):
        return {identifier: leaf for (found, identifier), leaf in self.leaves.items() if found == kind}

    def shares_of(self, record):
        return {identifier: leaf for identifier, leaf in self.of_kind("share").items() if leaf["record"] == record}

    # 7.4 Operations

    def genesis(self, head, changes):
        found = {kind: [change for change in changes if change[0] == kind] for kind in KINDS}
        need({change[0] for change in changes} <= {"device", "keyslot", "record"}, "a genesis deletes or deals")
        need([device[1] for device in found["device"]] == [head["writer"]], "a genesis adds its writer alone")
        methods = by_method([slot[2] for slot in found["keyslot"]])
        need(found["device"][0][2]["added_by"] in methods, "the device names no method")
        records = {record[1] for record in found["record"]}
        need(self.vault in records and records <= {self.vault, head["writer"]}, "a genesis adds profile and device's record")
        for record in found["record"]:
            need([record[2][f"{part}_version"] for part in ("overview", "secret")] == [1, 1], "a record not at version 1")

    def join(self, head, changes):
        added = [change for change in changes if change[0] == "device"]
        named = [change for change in changes if change[0] == "record"]
        need([change[1] for change in added] == [head["writer"]], "a join adds its writer alone")
        need(len(changes) == len(added) + len(named) and len(named) <= 1, "a join changes something else")
        for change in named:
            need(change[1] == head["writer"] and ("record", change[1]) not in self.leaves, "another record than the device's")
            self.record_change(*change)
        new, live = added[0][2], self.of_kind("device")
        need(head["writer"] not in live, "the device is there already")
        need(all(leaf["key"] != new["key"] for leaf in live.values()), "the key of a live device")
        need(new["added_by"] in live_methods(self.of_kind("keyslot").values()), "the device names no live method")

    def write(self, head, changes):
        need(changes, "a write of nothing")
        for change in changes:
            self.record_change(*change)

    def record_change(self, kind, identifier, leaf):
        """Checks a record change as it may stand in operations 2, 5 and 8."""
        old = self.record(kind, identifier, leaf)
        if self.shares_of(identifier):
            stays = kind == "record" and all(leaf[name] == old[name] for name in ("secret_version", "secret_hash"))
            need(stays, "a wallet is parted from its shares")

    def record(self, kind, identifier, leaf):
        """Checks that a record is added, changed or deleted by the rules, and returns the leaf that it had."""
        need(kind in ("record", "tombstone"), f"a {kind} in the place of a record")
        old = self.leaves.get(("record", identifier))
        if kind == "tombstone":
            need(old is not None, "a deletion of nothing")
            need(identifier != self.vault, "the profile is deleted")
            need(("tombstone", identifier) not in self.leaves, "a second tombstone")
            need(leaf["version"] > max(old["overview_version"], old["secret_version"]), "a low tombstone")
        elif old is None:
            need(("tombstone", identifier) not in self.leaves, "a deleted record comes back")
            need(not self.shares_of(identifier), "a new record that live shares name")
            need((leaf["overview_version"], leaf["secret_version"]) == (1, 1), "a record not at version 1")
        else:
            changed = 0
            for part in ("overview", "secret"):
                up = leaf[f"{part}_version"] == old[f"{part}_version"] + 1
                stays = all(leaf[f"{part}_{field}"] == old[f"{part}_{field}"] for field in ("version", "hash"))
                need(stays or up, f"the {part} does not follow")
                changed += up
            need(changed, "a record that does not change")
        return old

    def methods(self, head, changes):
        before = self.of_kind("keyslot")
        added, removed = [], []
        for kind, identifier, leaf in changes:
            if kind == "keyslot":
                need(identifier not in before, "a live slot is added")
                added.append(leaf)
            elif kind == "keyslot_gone":
                need(identifier in before, "no such slot")
                removed.append(before[identifier])
            else:
                self.record_change(kind, identifier, leaf)
        had, new, gone = live_methods(before.values()), by_method(added), by_method(removed)
        need(new or gone, "no method changes")
        need(not set(new) & had, "a live method's id")
        removed = {identifier for kind, identifier, _ in changes if kind == "keyslot_gone"}
        left = live_methods(leaf for identifier, leaf in before.items() if identifier not in removed) | set(new)
        need(len(left) >= min(2, len(had)), "too few methods are left")

    def devices(self, head, changes):
        live, touched = self.of_kind("device"), 0
        for kind, identifier, leaf in changes:
            if kind == "device_gone":
                need(identifier in live and identifier != head["writer"], "no such device, or the writer")
            elif kind == "device":
                need(identifier == head["writer"] and identifier in live, "another device than the writer")
                old = live[identifier]
                need({**leaf, "max_format": 0} == {**old, "max_format": 0}, "more than the format changes")
                need(leaf["max_format"] > old["max_format"], "a format that does not rise")
            else:
                self.record_change(kind, identifier, leaf)
                continue
            touched += 1
        need(touched, "no device changes")

    def wallet(self, head, changes):
        live = self.of_kind("share")
        records = [change for change in changes if change[0] in ("record", "tombstone")]
        added = {identifier: leaf for kind, identifier, leaf in changes if kind == "share"}
        removed = {identifier for kind, identifier, _ in changes if kind == "share_gone"}
        need(len(records) == 1 and len(changes) == 1 + len(added) + len(removed), "not one record and shares")
        need(not set(added) & set(live), "a live share is added")
        ((kind, identifier, new),) = records
        old = self.record(kind, identifier, new)
        mine = self.shares_of(identifier)
        need(removed == set(mine), "not all shares of the record, or others")
        if kind == "tombstone":
            need(removed and not added, "no removal")
            return
        need(added, "no dealing")
        common = {tuple(leaf[name] for name in ("record", "set", "epoch", "k", "n")) for leaf in added.values()}
        need(len(common) == 1, "shares of two dealings")
        ((record, share_set, epoch, k, n),) = common
        need(record == identifier, "shares of another record")
        dealing(epoch, k, n)
        need(sorted(leaf["index"] for leaf in added.values()) == list(range(1, n + 1)), "not every index once")
        need(len({leaf["store"] for leaf in added.values()}) == n, "a store twice")
        if old is None:
            need(epoch == 1, "a first dealing of another epoch")
            need(all(leaf["set"] != share_set for leaf in live.values()), "the set of another wallet")
        else:
            need(mine, "a dealing for a record without shares")
            need(all(new[f"{part}_version"] > old[f"{part}_version"] for part in ("overview", "secret")), "a part stays")
            need(all(leaf["set"] == share_set and leaf["epoch"] < epoch for leaf in mine.values()), "another set, or no later epoch")
