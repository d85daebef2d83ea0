"""Encoding, sealing, keys, keyslots and records: FORMAT.md, sections 1 to 5."""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

VERSIONS = bytes([1, 1])  # format and suite
EXCHANGES = "binance bybit okx kraken coinbase kucoin bitget gate bitfinex other".split()


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


def part_context(vault, epoch, record, part, version, environment):
    need(environment in (1, 2), "an unknown environment")
    return {2: vault, 3: u(epoch, 4), 4: record, 5: u(part, 1), 6: u(version, 8), 7: u(environment, 1)}


# 4. Keyslots


def prf_input(scope):
    return sha256(b"crystallum/1/prf/" + {1: b"root", 2: b"cold"}[scope])


def passkey_key(prf, rp_id, scope, credential):
    need(len(prf) == 32 and any(prf), "a PRF output that cannot be a key")
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
    need((found, named) == (kind, opener), "the wrap of another way in")
    context = {2: vault, 3: u(epoch, 4), 4: slot, 5: u(kind, 1), 6: u(scope, 1)}
    root = open_blob(kek, "keyslot", context, blob)
    need(len(root) == 32, "a root of another length")
    return root


def open_wrap(prf, rp_id, scope, credential, vault, epoch, slot, wrap):
    return open_slot(passkey_key(prf, rp_id, scope, credential), 1, credential, scope, vault, epoch, slot, wrap)


# 5. Records


def parse_overview(data):
    for kind, parse in (("profile", profile), ("way", way), ("wallet", wallet)):
        label = f"crystallum/1/record/{kind}.overview"
        if data[1:].startswith(label.encode()):
            return {"type": kind, **parse(label, data)}
    fields = dec("crystallum/1/record/exchange-key.overview", data, range(1, 8), (8,))
    exchange, flag = text(fields[1], 1, 32), number(fields[7], 1)
    need(exchange in EXCHANGES and flag in (0, 1), "an unknown exchange or flag")
    said = {
        "type": "exchange-key",
        "exchange": exchange,
        "label": text(fields[2], 1, 256),
        "masked": text(fields[3], 0, 64),
        "note": text(fields[4], 0, 1200),
        "created": number(fields[5], 8),
        "updated": number(fields[6], 8),
        "has_passphrase": flag == 1,
    }
    return said | ({"deleted": number(fields[8], 8)} if 8 in fields else {})


def profile(label, data):
    return {"name": text(dec(label, data, (1,))[1], 1, 256)}


def way(label, data):
    fields = dec(label, data, range(1, 5))
    need(len(fields[1]) == 16, "a slot id of another length")
    return {
        "slot": fields[1],
        "name": text(fields[2], 0, 256),
        "created": number(fields[3], 8),
        "confirmed": number(fields[4], 8),
    }


def dealing(epoch, k, n):
    """Checks that a dealing can have these numbers."""
    need(epoch >= 1 and 2 <= k <= n <= 16, "a dealing that there cannot be")


def wallet(label, data):
    fields = dec(label, data, range(1, 11), (11,))
    words, epoch, k, n = number(fields[5], 1), number(fields[7], 4), number(fields[8], 1), number(fields[9], 1)
    need(words in (12, 15, 18, 21, 24) and len(fields[6]) == 16, "another number of words, or no set id")
    dealing(epoch, k, n)
    return {
        "label": text(fields[1], 1, 256),
        "note": text(fields[2], 0, 1200),
        "created": number(fields[3], 8),
        "updated": number(fields[4], 8),
        "words": words,
        "set": fields[6],
        "share_epoch": epoch,
        "k": k,
        "n": n,
        "dealt": number(fields[10], 8),
        "deleted": number(fields[11], 8) if 11 in fields else None,
    }


def parse_secret(data):
    for kind in ("profile", "way"):
        label = f"crystallum/1/record/{kind}.secret"
        if data[1:].startswith(label.encode()):
            dec(label, data, ())
            return {"type": kind}
    if data[1:].startswith(b"crystallum/1/record/wallet.secret"):
        phrase = dec("crystallum/1/record/wallet.secret", data, (1,))[1]
        need(len(phrase) == 210, "a sealed phrase of another length")
        return {"type": "wallet", "phrase": phrase}
    fields = dec("crystallum/1/record/exchange-key.secret", data, (1, 2), (3,))
    return {
        "type": "exchange-key",
        "api_key": text(fields[1], 1, 5000),
        "api_secret": text(fields[2], 1, 5000),
        "passphrase": text(fields[3], 1, 5000) if 3 in fields else None,
    }
