"""Encoding, sealing, keys, keyslots and records: FORMAT.md, sections 1 to 5."""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

VERSIONS = bytes([1, 1])  # format and suite
CODE = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-")


class Refused(Exception):
    """The input does not follow FORMAT.md."""


def need(condition, why):
    if not condition:
        raise Refused(why)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def u(number, width):
    return number.to_bytes(width, "big")


def number(data, width):
    need(len(data) == width, "an integer of another width")
    return int.from_bytes(data, "big")


# 1.1 The encoding


def enc(label, fields):
    out = bytes([len(label)]) + label.encode("ascii") + VERSIONS + bytes([len(fields)])
    for tag in sorted(fields):
        out += bytes([tag]) + u(len(fields[tag]), 2) + fields[tag]
    return out


def dec(label, data, tags, optional=()):
    """Returns the fields of an encoding, which must have exactly the given tags."""
    start = bytes([len(label)]) + label.encode("ascii") + VERSIONS
    need(data.startswith(start) and len(data) > len(start), "another label, format or suite")
    count, at, fields = data[len(start)], len(start) + 1, {}
    for _ in range(count):
        header = data[at : at + 3]
        need(len(header) == 3, "a field is cut")
        tag, length = header[0], int.from_bytes(header[1:], "big")
        value = data[at + 3 : at + 3 + length]
        need(len(value) == length, "a field is cut")
        need(tag > max(fields, default=0), "fields out of order")
        fields[tag], at = value, at + 3 + length
    need(at == len(data), "bytes after the fields")
    need(set(tags) <= set(fields) <= set(tags) | set(optional), "another set of fields")
    return fields


def text(data, low, high):
    need(low <= len(data) <= high, "a text outside its limits")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("a text that is not UTF-8") from None


def line(data, low, high):
    need(all(byte >= 0x20 for byte in data), "a control character in a line")
    return text(data, low, high)


def note(data, high):
    need(all(byte >= 0x20 or byte in b"\t\n" for byte in data), "a control character in a note")
    return text(data, 0, high)


# 2. Keys


def expand(prk, info, length):
    out, block, count = b"", b"", 0
    while len(out) < length:
        count += 1
        block = hmac.new(prk, block + info + bytes([count]), hashlib.sha256).digest()
        out += block
    return out[:length]


def hkdf(salt, ikm, info, length):
    return expand(hmac.new(salt, ikm, hashlib.sha256).digest(), info, length)


def derive(parent, name, vault, epoch, store=None):
    fields = {1: vault, 2: u(epoch, 4)} | ({} if store is None else {3: store})
    return expand(parent, enc("crystallum/1/derive/" + name, fields), 32)


def vault_keys(root, vault, epoch):
    items = derive(root, "items", vault, epoch)
    seed = derive(root, "manifest", vault, epoch)
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return {
        "items": items,
        "overview_key": derive(items, "overview", vault, epoch),
        "secret_key": derive(items, "secret", vault, epoch),
        "vault_signing_seed": seed,
        "vault_public_key": public.public_bytes(Encoding.Raw, PublicFormat.Raw),
    }


def check_roots(root, cold_root):
    """Checks the two roots that one method opened."""
    for key in (root, cold_root):
        need(len(key) == 32 and any(key), "a root that cannot be one")
    need(root != cold_root, "the cold root is the root")


# 3. Sealing

CLASSES = {
    "overview": (512, 2048),
    "secret": (1024, 4096, 16384),
    "keyslot": (64,),
    "phrase": (128,),
    "share": (128,),
}


def open_blob(key, purpose, context, blob):
    classes = CLASSES[purpose]
    need(len(blob) - 82 in classes and blob[:2] == VERSIONS, "another class, format or suite")
    salt, com, sealed = blob[2:34], blob[34:66], blob[66:]
    okm = expand(key, enc("crystallum/1/seal/" + purpose, {1: salt, **context}), 64)
    need(hmac.compare_digest(okm[32:], com), "not sealed by this key for this place")
    try:
        padded = AESGCM(okm[:32]).decrypt(bytes(12), sealed, None)
    except InvalidTag:
        raise Refused("not sealed by this key for this place") from None
    length = int.from_bytes(padded[:4], "big")
    need(4 + length <= len(padded) and not any(padded[4 + length :]), "padding that is not zero")
    need(len(padded) == min(c for c in classes if c >= 4 + length), "a class that is not the smallest")
    return padded[4 : 4 + length]


def seal(key, purpose, context, data, random):
    """Seals data with a salt that is computed as recommended."""
    padded = u(len(data), 4) + data
    padded += bytes(min(size for size in CLASSES[purpose] if size >= len(padded)) - len(padded))
    label = "crystallum/1/seal/" + purpose
    salt = hmac.digest(key, b"crystallum/1/salt" + random + sha256(padded) + sha256(enc(label, context)), "sha256")
    okm = expand(key, enc(label, {1: salt, **context}), 64)
    return VERSIONS + salt + okm[32:] + AESGCM(okm[:32]).encrypt(bytes(12), padded, None)


def part_context(vault, epoch, record, part, version, environment):
    need(environment in (1, 2), "an unknown environment")
    return {2: vault, 3: u(epoch, 4), 4: record, 5: u(part, 1), 6: u(version, 8), 7: u(environment, 1)}


# 4. Keyslots


def prf_input(scope):
    return sha256(b"crystallum/1/prf/" + {1: b"root", 2: b"cold"}[scope])


def check_outputs(*outputs):
    """Checks the outputs of one passkey for different scopes."""
    for output in outputs:
        need(len(output) == 32 and any(output), "a PRF output that cannot be a key")
    need(len(set(outputs)) == len(outputs), "equal PRF outputs")


def passkey_key(prf, rp_id, scope, credential):
    check_outputs(prf)
    need(scope in (1, 2), "an unknown scope")
    need(1 <= len(rp_id.encode()) <= 253 and 1 <= len(credential) <= 1023, "an id outside its limits")
    fields = {1: rp_id.encode(), 2: u(scope, 1), 3: credential}
    return hkdf(b"", prf, enc("crystallum/1/derive/keyslot.passkey", fields), 32)


def parse_wrap(wrap):
    """Returns the kind of the slot, the credential that opens it, and the blob."""
    if wrap[1:].startswith(b"crystallum/1/keyslot/recovery"):
        fields = dec("crystallum/1/keyslot/recovery", wrap, (1, 2))
        need(len(fields[1]) == 32 and len(fields[2]) == 146, "a wrap outside its limits")
        return 3, fields[1], fields[2]
    fields = dec("crystallum/1/keyslot/passkey", wrap, (1, 2))
    need(1 <= len(fields[1]) <= 1023 and len(fields[2]) == 146, "a wrap outside its limits")
    return 1, fields[1], fields[2]


def open_slot(kek, kind, opener, scope, vault, epoch, slot, wrap):
    """Returns the root in a wrap, which must be of this kind and name this opener."""
    found, named, blob = parse_wrap(wrap)
    need((found, named) == (kind, opener), "the wrap of another method")
    context = {2: vault, 3: u(epoch, 4), 4: slot, 5: u(kind, 1), 6: u(scope, 1)}
    root = open_blob(kek, "keyslot", context, blob)
    need(len(root) == 32 and any(root), "a root of another length, or zero")
    return root


def open_wrap(prf, rp_id, scope, credential, vault, epoch, slot, wrap):
    return open_slot(passkey_key(prf, rp_id, scope, credential), 1, credential, scope, vault, epoch, slot, wrap)


# 5. Records


def parse_overview(data):
    for kind, parse in (("profile", profile), ("sign-in-method", sign_in_method), ("device", device), ("wallet", wallet)):
        label = f"crystallum/1/record/{kind}.overview"
        if data[1:].startswith(label.encode()):
            return {"type": kind, **parse(label, data)}
    fields = dec("crystallum/1/record/exchange-key.overview", data, range(1, 8), (8, 9, 10, 11))
    exchange, flag = fields[1], number(fields[7], 1)
    need(1 <= len(exchange) <= 32 and set(exchange) <= CODE and flag in (0, 1), "no code of an exchange, or no flag")
    said = {
        "type": "exchange-key",
        "exchange": exchange.decode(),
        "label": line(fields[2], 1, 256),
        "masked": line(fields[3], 0, 64),
        "note": note(fields[4], 1200),
        "created": number(fields[5], 8),
        "updated": number(fields[6], 8),
        "has_passphrase": flag == 1,
        **marks(fields, 8, 9, 10),
    }
    if 11 in fields:
        need(len(fields[11]) == 16, "an id of another length")
        said["copy_of"] = fields[11]
    return said


def marks(fields, trash, favourite, tags):
    """Returns the optional fields that several types have, by their tags."""
    said = {}
    if trash in fields:
        said["deleted"] = number(fields[trash], 8)
    if favourite in fields:
        need(fields[favourite] == b"\1", "another mark of a favourite")
        said["favourite"] = True
    if tags in fields:
        said["tags"] = parse_tags(fields[tags])
    return said


def parse_tags(data):
    tags = []
    while data:
        length, data = data[0], data[1:]
        need(length <= len(data), "a tag is cut")
        tags.append(data[:length])
        data = data[length:]
    need(1 <= len(tags) <= 8, "no tags, or too many")
    need(all(a < b for a, b in zip(tags, tags[1:])), "tags out of order")
    return [line(tag, 1, 32) for tag in tags]


def profile(label, data):
    return {"name": line(dec(label, data, (1,))[1], 1, 256)}


def sign_in_method(label, data):
    fields = dec(label, data, range(1, 5))
    need(len(fields[1]) == 16, "an id of another length")
    return {
        "method": fields[1],
        "name": line(fields[2], 0, 256),
        "created": number(fields[3], 8),
        "confirmed": number(fields[4], 8),
    }


def device(label, data):
    fields = dec(label, data, range(1, 4))
    return {"name": line(fields[1], 0, 256), "joined": number(fields[2], 8), "platform": line(fields[3], 0, 128)}


def dealing(epoch, k, n):
    """Checks that a dealing can have these numbers."""
    need(epoch >= 1 and 2 <= k <= n <= 16, "a dealing that there cannot be")


def wallet(label, data):
    fields = dec(label, data, range(1, 11), (11, 12, 13))
    words, epoch, k, n = number(fields[5], 1), number(fields[7], 4), number(fields[8], 1), number(fields[9], 1)
    need(words in (12, 15, 18, 21, 24) and len(fields[6]) == 16, "another number of words, or no set id")
    dealing(epoch, k, n)
    return {
        "label": line(fields[1], 1, 256),
        "note": note(fields[2], 1200),
        "created": number(fields[3], 8),
        "updated": number(fields[4], 8),
        "words": words,
        "set": fields[6],
        "share_epoch": epoch,
        "k": k,
        "n": n,
        "dealt": number(fields[10], 8),
        **marks(fields, 11, 12, 13),
    }


def parse_secret(data):
    if data[1:].startswith(b"crystallum/1/record/device.secret"):
        dec("crystallum/1/record/device.secret", data, ())
        return {"type": "device"}
    if data[1:].startswith(b"crystallum/1/record/sign-in-method.secret"):
        dec("crystallum/1/record/sign-in-method.secret", data, ())
        return {"type": "sign-in-method"}
    if data[1:].startswith(b"crystallum/1/record/profile.secret"):
        fields = dec("crystallum/1/record/profile.secret", data, (), (1,))
        roots = entries(fields[1], 32, 8) if 1 in fields else None
        need(all(map(any, roots or [])), "an earlier root of zeros")
        return {"type": "profile"} | ({} if roots is None else {"earlier_roots": roots})
    if data[1:].startswith(b"crystallum/1/record/wallet.secret"):
        phrase = dec("crystallum/1/record/wallet.secret", data, (1,))[1]
        need(len(phrase) == 210, "a sealed phrase of another length")
        return {"type": "wallet", "phrase": phrase}
    fields = dec("crystallum/1/record/exchange-key.secret", data, (1, 2), (3, 4))
    said = {
        "type": "exchange-key",
        "api_key": text(fields[1], 1, 5000),
        "api_secret": text(fields[2], 1, 5000),
    }
    if 3 in fields:
        said["passphrase"] = text(fields[3], 1, 5000)
    if 4 in fields:
        said["earlier"] = [
            {"version": number(one[:8], 8), "hash": one[8:]} for one in entries(fields[4], 40, 10)
        ]
        versions = [one["version"] for one in said["earlier"]]
        need(versions[-1] >= 1 and all(a > b for a, b in zip(versions, versions[1:])), "versions that do not fall")
    return said


def entries(data, length, most):
    """Splits a list of entries of one length, of which there is at least one."""
    need(data and len(data) % length == 0 and len(data) <= most * length, "another number of entries")
    return [data[at : at + length] for at in range(0, len(data), length)]


def need_one_type(overview, secret):
    need(overview["type"] == secret["type"], "a record of two types")
