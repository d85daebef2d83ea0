"""Recovery codes and sheets: FORMAT.md, section 4."""

import hmac

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from formats import enc, expand, need, open_slot, sha256, u
from signatures import verify_strictly

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HEADER = "R1"


def base32(data):
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return "".join(ALPHABET[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5))


def unbase32(characters, length):
    need(all(character in ALPHABET for character in characters), "a character that is none")
    need(len(characters) == -(-length * 8 // 5), "another length")
    bits = "".join(f"{ALPHABET.index(character):05b}" for character in characters)
    need("1" not in bits[length * 8 :], "bits that are not zero")
    return int(bits[: length * 8], 2).to_bytes(length, "big")


def check(code):
    return base32(sha256(b"crystallum/1/recovery/check", HEADER.encode(), code)[:3])[:4]


def text(code):
    return HEADER + base32(code) + check(code)


def parse(typed):
    """Reads the code that a user typed."""
    typed = typed.replace(" ", "").replace("-", "")
    need(typed.isascii(), "a character that is none")
    typed = typed.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    need(all(character in ALPHABET for character in typed), "a character that is none")
    need(len(typed) == 32, "another length")
    need(typed[0] != "A", "the account key, which opens nothing by itself")
    need(typed[0] == HEADER[0], "another kind")
    need(typed[1] == HEADER[1], "another version")
    code = unbase32(typed[2:28], 16)
    need(typed[28:] == check(code), "a check that does not fit")
    return code


def derived(code):
    prk = hmac.digest(b"crystallum/1/recovery", code, "sha256")

    def derive(name, fields, length):
        return expand(prk, enc("crystallum/1/derive/" + name, fields), length)

    lookup, seed = derive("recovery.lookup", {}, 16), derive("recovery.sign", {}, 32)
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return {
        "text": text(code),
        "lookup": lookup,
        "lookup_hash": sha256(lookup),
        "seed": seed,
        "verifier": public.public_bytes(Encoding.Raw, PublicFormat.Raw),
        "kek_root": derive("keyslot.recovery", {1: u(1, 1)}, 32),
        "kek_cold": derive("keyslot.recovery", {1: u(2, 1)}, 32),
    }


def open_wrap(code, scope, vault, epoch, slot, wrap):
    need(scope in (1, 2), "an unknown scope")
    keys = derived(code)
    kek = keys["kek_root" if scope == 1 else "kek_cold"]
    return open_slot(kek, 3, keys["verifier"], scope, vault, epoch, slot, wrap)


def message(host, server_nonce, client_nonce, device_key_hash, purpose):
    need(1 <= len(host.encode()) <= 253 and 16 <= len(server_nonce) <= 64, "a host or nonce outside its limits")
    need(len(client_nonce) == len(device_key_hash) == 32 and purpose in (1, 2, 3), "an unknown purpose")
    fields = {1: host.encode(), 2: server_nonce, 3: client_nonce, 4: device_key_hash, 5: u(purpose, 1)}
    return enc("crystallum/1/recovery/login", fields)


def sign(code, *what):
    signed = message(*what)
    signature = Ed25519PrivateKey.from_private_bytes(derived(code)["seed"]).sign(signed)
    return {"message": signed, "signature": signature}


def verify(verifier, signature, *what):
    verify_strictly(verifier, signature, message(*what))


def parse_sheet(read):
    """Reads the text of a sheet's QR code."""
    parts = read.split(":")
    need(len(parts) == 6 and parts[:2] == ["CRYSTALLUM", "1"], "not the text of a sheet")
    code, counter = parse(parts[2]), parts[4]
    need(text(code) == parts[2], "another spelling of the code")
    digits = counter.isascii() and counter.isdigit() and counter[0] != "0"
    need(digits and int(counter) < 2**64, "a counter that is none")
    return {"text": text(code), "vault": unbase32(parts[3], 16), "counter": int(counter), "head": unbase32(parts[5], 32)}


def parse_either(read):
    """Reads a code that was typed, or the text of a sheet's QR code. Returns the code, and the floor if there is one."""
    if ":" not in read:
        return parse(read), None
    floor = parse_sheet(read)
    return parse(floor["text"]), floor
