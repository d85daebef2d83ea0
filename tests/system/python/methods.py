"""Opening the roots of a vault by its live slots: FORMAT.md, sections 4 and 10 (steps 3 and 8)."""

import recovery
from formats import Refused, check_outputs, need, open_wrap, parse_wrap, sha256


def without_wrap(slots, wraps):
    """Returns the slots whose wrap is missing or another one than the leaf's, which are alarms. `slots` are leaves by id."""
    return [slot for slot, leaf in sorted(slots.items()) if slot not in wraps or sha256(wraps[slot]) != leaf["wrap_hash"]]


class Opener:
    """A passkey's outputs by scope at an RP id, or a recovery code. If the credential is not known, the root's wrap tells it."""

    def __init__(self, outputs, rp_id, code, credential=None):
        check_outputs(*outputs.values())
        self.outputs, self.rp_id, self.code, self.credential = outputs, rp_id, code, credential

    def open(self, scope, *where):
        """Returns the kind of a wrap, whom it names, and the root in it."""
        kind, named, _ = parse_wrap(where[-1])
        if self.code is not None:
            return kind, named, recovery.open_wrap(self.code, scope, *where)
        need(kind == 1 and scope in self.outputs, "not a method of this kind")
        need(self.credential in (None, named), "another credential's wrap")
        return kind, named, open_wrap(self.outputs[scope], self.rp_id, scope, named, *where)

    def root(self, vault, epoch, slots, wraps, scope, other=None):
        """Returns the first slot of the scope, in the order of ids, that opens with a root which is not the `other`, and the root."""
        alarms = without_wrap(slots, wraps)
        for slot, leaf in sorted(slots.items()):
            if leaf["scope"] == scope and slot not in alarms:
                try:
                    kind, named, root = self.open(scope, vault, epoch, slot, wraps[slot])
                    need(kind == leaf["slot_kind"], "a wrap of another kind than the leaf's")
                    need(root != other, "the cold root is the root")
                except Refused:
                    continue
                self.credential = named
                return slot, root
        raise Refused(f"no keyslot of scope {scope} opens")
