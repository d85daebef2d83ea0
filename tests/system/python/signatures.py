"""Signatures of heads, recovery codes and logins of a vault: FORMAT.md, sections 1, 7.1 and 7.8."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from formats import enc, need, sha256

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
    verify_both(message, head["vault_key"], head["vault_signature"], device_key, head["device_signature"])


def vault_login(host, server_nonce, device_key):
    """Returns what the vault and a device sign: section 7.8."""
    need(1 <= len(host.encode()) <= 253 and 16 <= len(server_nonce) <= 64, "a host or nonce outside its limits")
    return enc("crystallum/1/login/vault", {1: host.encode(), 2: server_nonce, 3: sha256(device_key)})


def verify_both(message, vault_key, by_vault, device_key, by_device):
    verify_strictly(vault_key, by_vault, message)
    need(len(device_key) == 65 and device_key[0] == 4, "another kind of device key")
    r, s = (int.from_bytes(part, "big") for part in (by_device[:32], by_device[32:]))
    try:
        device = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), device_key)
        device.verify(encode_dss_signature(r, s), message, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        need(False, "a signature does not verify")
