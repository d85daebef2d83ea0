"""Leaves, tree and heads: FORMAT.md, sections 6 and 7."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from formats import VERSIONS, dealing, enc, need, sha256, u

KINDS = {"record": 1, "tombstone": 2, "keyslot": 3, "device": 4, "share": 5}
GONE = {"keyslot_gone": "keyslot", "share_gone": "share"}
GENESIS, WRITE, JOIN, WAYS, WALLET = 1, 2, 3, 5, 6

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
        fields = {1: u(leaf["slot_kind"], 1), 2: u(leaf["scope"], 1), 3: leaf["wrap_hash"]}
    elif kind == "share":
        small = {3: u(leaf["k"], 1), 4: u(leaf["n"], 1), 5: u(leaf["index"], 1)}
        fields = {1: leaf["set"], 2: u(leaf["epoch"], 4), **small, 6: leaf["store"], 7: leaf["hash"]}
    else:
        fields = {1: leaf["key"], 2: u(leaf["max_format"], 2), 3: leaf["added_by"]}
    return enc("crystallum/1/leaf/" + kind, fields)


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


def parse_head(data):
    at = 0

    def take(length):
        nonlocal at
        at += length
        need(at <= len(data), "a head is cut")
        return data[at - length : at]

    def integer(width):
        return int.from_bytes(take(width), "big")

    versions, min_format, op = take(2), integer(2), integer(1)
    need(versions == VERSIONS and min_format <= 1, "another format or suite, or a later version: update")
    need(op in (GENESIS, WRITE, JOIN, WAYS, WALLET), "an unknown operation")
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


P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def good_point(encoded):
    """Returns whether this is a canonical point of edwards25519 whose order does not divide 8."""
    y = int.from_bytes(encoded, "little") & (2**255 - 1)
    if y >= P:
        return False
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square:
        return False
    for _ in range(3):
        xx, yy, xy = x * x, y * y, x * y
        x, y = 2 * xy * pow(yy - xx, -1, P) % P, (yy + xx) * pow(2 - yy + xx, -1, P) % P
    return (x, y) != (0, 1)


def verify_strictly(key, signature, message):
    need(good_point(key) and good_point(signature[:32]), "a point of small order, or none")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        need(False, "a signature does not verify")


def verify(head, device_key):
    message = b"crystallum/1/head" + head["hash"]
    verify_strictly(head["vault_key"], head["vault_signature"], message)
    need(len(device_key) == 65 and device_key[0] == 4, "another kind of device key")
    r, s = (int.from_bytes(part, "big") for part in (head["device_signature"][:32], head["device_signature"][32:]))
    try:
        device = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), device_key)
        device.verify(encode_dss_signature(r, s), message, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        need(False, "a signature does not verify")


class History:
    """The right edge of the Merkle tree over the hashes of heads (RFC 9162, section 2.1.1)."""

    def __init__(self, edge=bytes(8)):
        self.count = int.from_bytes(edge[:8], "big")
        need(len(edge) == 8 + 32 * self.count.bit_count(), "an edge with another number of hashes")
        self.edge = [edge[at : at + 32] for at in range(8, len(edge), 32)]

    def add(self, head):
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


class State:
    """The live leaves of a vault, its newest head, and the history of all heads."""

    def __init__(self, vault):
        self.vault, self.head, self.leaves, self.history = vault, None, {}, History()

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
        leaves = dict(self.leaves)
        rules = {GENESIS: self.genesis, WRITE: self.write, JOIN: self.join, WAYS: self.ways, WALLET: self.wallet}
        rules[head["op"]](head, changes)
        for kind, identifier, leaf in changes:
            if kind == "tombstone":
                del leaves["record", identifier]
            if kind in GONE:
                del leaves[GONE[kind], identifier]
            else:
                leaves[kind, identifier] = leaf
        hashes = {}
        for (kind, identifier), leaf in leaves.items():
            where = position(kind, identifier)
            hashes[where] = leaf_hash(where, leaf_value(kind, leaf))
        need(tree_root(hashes) == head["root"] and len(hashes) == head["leaves"], "another tree than the signed one")
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

    def genesis(self, head, changes):
        found = {kind: [change for change in changes if change[0] == kind] for kind in KINDS}
        need({change[0] for change in changes} <= {"device", "keyslot", "record"}, "a genesis deletes or deals")
        need([device[1] for device in found["device"]] == [head["writer"]], "a genesis adds its writer alone")
        scopes = {slot[1]: slot[2]["scope"] for slot in found["keyslot"]}
        need({1, 2} <= set(scopes.values()), "a genesis without a way in")
        need(scopes.get(found["device"][0][2]["added_by"]) == 1, "the device names no root keyslot")
        for _, _, leaf in found["record"]:
            need((leaf["overview_version"], leaf["secret_version"]) == (1, 1), "a record not at version 1")

    def join(self, head, changes):
        need(len(changes) == 1 and changes[0][:2] == ("device", head["writer"]), "a join adds its writer alone")
        need(("device", head["writer"]) not in self.leaves, "the device is there already")
        slot = self.leaves.get(("keyslot", changes[0][2]["added_by"]))
        need(slot is not None and slot["scope"] == 1, "the device names no root keyslot")

    def write(self, head, changes):
        need(changes, "a write of nothing")
        for change in changes:
            self.record(*change)

    def record(self, kind, identifier, leaf):
        """Applies one change of a record, and returns whether the record existed."""
        need(kind in ("record", "tombstone"), f"a {kind} in the place of a record")
        old = self.leaves.get(("record", identifier))
        if kind == "tombstone":
            need(old is not None, "a deletion of nothing")
            need(leaf["version"] > max(old["overview_version"], old["secret_version"]), "a low tombstone")
        elif old is None:
            need(("tombstone", identifier) not in self.leaves, "a deleted record comes back")
            need((leaf["overview_version"], leaf["secret_version"]) == (1, 1), "a record not at version 1")
        else:
            need(old != leaf, "a record that does not change")
            for part in ("overview", "secret"):
                stays = all(leaf[f"{part}_{field}"] == old[f"{part}_{field}"] for field in ("version", "hash"))
                up = leaf[f"{part}_version"] == old[f"{part}_version"] + 1
                need(stays or up, f"the {part} does not follow")
        return old

    def of_kind(self, kind):
        return {identifier: leaf for (found, identifier), leaf in self.leaves.items() if found == kind}

    def ways(self, head, changes):
        before = self.of_kind("keyslot")
        after, touched = dict(before), 0
        for kind, identifier, leaf in changes:
            if kind == "keyslot":
                need(identifier not in before, "a live slot is added")
                after[identifier] = leaf
            elif kind == "keyslot_gone":
                need(identifier in before, "no such slot")
                del after[identifier]
            else:
                self.record(kind, identifier, leaf)
                continue
            touched += 1
        need(touched, "no way in changes")
        had, has = (
            [sum(leaf["scope"] == scope for leaf in slots.values()) for scope in (1, 2)] for slots in (before, after)
        )
        need(has[0] == has[1], "more slots of one scope")
        need(all(now >= min(2, then) for now, then in zip(has, had)), "too few ways in are left")

    def wallet(self, head, changes):
        live = self.of_kind("share")
        records = [change for change in changes if change[0] in ("record", "tombstone")]
        added = {identifier: leaf for kind, identifier, leaf in changes if kind == "share"}
        removed = [identifier for kind, identifier, _ in changes if kind == "share_gone"]
        need(len(records) == 1 and len(changes) == 1 + len(added) + len(removed), "not one record and shares")
        need(not set(added) & set(live) and set(removed) <= set(live), "a live share is added, or another one removed")
        old = self.record(*records[0])
        if added:
            leaves = list(added.values())
            common = {(leaf["set"], leaf["epoch"], leaf["k"], leaf["n"]) for leaf in leaves}
            need(len(common) == 1, "shares of two dealings")
            ((share_set, epoch, k, n),) = common
            dealing(epoch, k, n)
            need(sorted(leaf["index"] for leaf in leaves) == list(range(1, n + 1)), "not every index once")
            need(len({leaf["store"] for leaf in leaves}) == n, "a store twice")
        else:
            share_set, epoch = live[removed[0]]["set"] if removed else None, None
        of_set = {identifier: leaf for identifier, leaf in live.items() if leaf["set"] == share_set}
        need(set(of_set) == set(removed), "not the shares of one set")
        if old is None:
            need(added and not removed and epoch == 1, "no first dealing")
        elif records[0][0] == "record":
            new = records[0][2]
            need(added and removed, "no dealing anew")
            need(all(leaf["epoch"] + 1 == epoch for leaf in of_set.values()), "an epoch that does not follow")
            need(all(new[f"{part}_version"] != old[f"{part}_version"] for part in ("overview", "secret")), "a part stays")
        else:
            need(removed and not added, "no removal")
