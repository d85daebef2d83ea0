"""Wallets and shares: FORMAT.md, section 8."""

import itertools

from formats import Refused, dealing, dec, derive, enc, expand, need, number, open_blob, sha256, u

# GF(2^8), by shifting and adding


def times(a, b):
    product = 0
    while b:
        if b & 1:
            product ^= a
        a, b = a << 1, b >> 1
        if a & 0x100:
            a ^= 0x11B
    return product


def inverse(a):
    return next(b for b in range(1, 256) if times(a, b) == 1)


def evaluate(powers, x):
    """Returns the values at `x` of one polynomial for each byte; `powers` are their coefficients from power 0 on."""
    values = bytes(32)
    for coefficients in reversed(powers):
        values = bytes(times(value, x) ^ coefficient for value, coefficient in zip(values, coefficients))
    return values


def interpolate(points, x):
    """Returns the values at `x` of the polynomials of lowest degree through {x: values}."""
    values = bytes(32)
    for place, there in points.items():
        weight = 1
        for other in points:
            if other != place:
                weight = times(weight, times(x ^ other, inverse(place ^ other)))
        values = bytes(value ^ times(byte, weight) for value, byte in zip(values, there))
    return values


def check_of(key, where):
    header = {
        1: where["vault"],
        2: u(where["epoch"], 4),
        3: where["record"],
        4: where["set"],
        5: u(where["share_epoch"], 4),
        6: u(where["k"], 1),
        7: u(where["n"], 1),
    }
    return expand(key, enc("crystallum/1/share/check", header), 32)


def deal(key, coefficients, where):
    dealing(where["share_epoch"], where["k"], where["n"])
    need(len(coefficients) == where["k"] - 1, "another degree")
    return [evaluate([key, *coefficients], x) for x in range(1, where["n"] + 1)], check_of(key, where)


def combine(shares, where):
    """Returns the key from (index, value, check), and the indices of the shares that are not of its dealing."""
    k = where["k"]
    need(len({index for index, _, _ in shares}) == len(shares), "a share twice")
    need(len(shares) >= k, "too few shares")
    groups = {}
    for index, value, check in sorted(shares):
        groups.setdefault(check, {})[index] = value
    # Larger groups first. The sort is stable: of equal groups, the one with the lowest index.
    for check, points in sorted(groups.items(), key=lambda group: -len(group[1])):
        right = []
        for chosen in itertools.combinations(points, k):
            some = {index: points[index] for index in chosen}
            key = interpolate(some, 0)
            if check_of(key, where) == check:
                on = [index for index, value in points.items() if interpolate(some, index) == value]
                right.append((-len(on), on, key))
                if len(on) == len(points):
                    break
        if right:
            _, on, key = min(right)
            return key, sorted({index for index, _, _ in shares} - set(on))
    need(False, "the shares do not make the key")


def store_keys(cold_root, vault, epoch, store):
    return {
        "share_key": derive(cold_root, "store.share", vault, epoch, store),
        "credential": derive(cold_root, "store.credential", vault, epoch, store),
    }


def parse_share(share):
    """Returns what a share says in clear, in the form of its leaf, and the blob."""
    fields = dec("crystallum/1/share/sealed", share, range(1, 9))
    need(all(len(fields[tag]) == 16 for tag in (1, 2, 7)) and len(fields[8]) == 210, "a share of another length")
    epoch, k, n, index = (number(fields[tag], width) for tag, width in ((3, 4), (4, 1), (5, 1), (6, 1)))
    dealing(epoch, k, n)
    need(1 <= index <= n, "an index that there is not")
    ids = {"record": fields[1], "set": fields[2], "store": fields[7]}
    return {**ids, "epoch": epoch, "k": k, "n": n, "index": index, "hash": sha256(share)}, fields[8]


def open_share(cold_root, where, index, store, share):
    """Returns the value and check of share `index` of the dealing, as this store holds it."""
    leaf, blob = parse_share(share)
    expected = (where["record"], where["set"], where["share_epoch"], where["k"], where["n"], index, store)
    said = tuple(leaf[name] for name in ("record", "set", "epoch", "k", "n", "index", "store"))
    need(said == expected, "another share than the expected one")
    context = {
        2: where["vault"],
        3: u(where["epoch"], 4),
        4: where["record"],
        5: where["set"],
        6: u(where["share_epoch"], 4),
        7: u(where["k"], 1),
        8: u(where["n"], 1),
        9: u(index, 1),
        10: store,
        11: u(where["environment"], 1),
    }
    key = store_keys(cold_root, where["vault"], where["epoch"], store)["share_key"]
    fields = dec("crystallum/1/share/value", open_blob(key, "share", context, blob), (1, 2))
    need(len(fields[1]) == len(fields[2]) == 32, "a value or check of another length")
    return fields[1], fields[2]


def open_phrase(key, where, sealed):
    need(len(sealed) == 210, "a sealed phrase of another length")
    context = {
        2: where["vault"],
        3: u(where["epoch"], 4),
        4: where["record"],
        5: where["set"],
        6: u(where["share_epoch"], 4),
        7: u(where["environment"], 1),
    }
    phrase_key = derive(key, "wallet.phrase", where["vault"], where["epoch"])
    fields = dec("crystallum/1/wallet/phrase", open_blob(phrase_key, "phrase", context, sealed), (1, 2))
    language = number(fields[2], 1)
    need(len(fields[1]) in (16, 20, 24, 28, 32) and language == 1, "a phrase of another length or language")
    return {"entropy": fields[1], "language": language, "words": len(fields[1]) // 4 * 3}


def open_wallet(cold_root, where, leaves, held, sealed):
    """Opens a phrase from {(store, share id): share} by the leaves of shares (8.3). Returns the phrase, and the indices of bad and missing shares."""
    dealt, good, bad, missing = tuple(where[name] for name in ("record", "set", "share_epoch", "k", "n")), [], [], []
    for identifier, leaf in leaves.items():
        if tuple(leaf[name] for name in ("record", "set", "epoch", "k", "n")) != dealt:
            continue
        share = held.get((leaf["store"], identifier))
        if share is None:
            missing.append(leaf["index"])
            continue
        try:
            need(parse_share(share)[0] == leaf, "not the share of the tree")
            good.append((leaf["index"], *open_share(cold_root, where, leaf["index"], leaf["store"], share)))
        except Refused:
            bad.append(leaf["index"])
    key, left_out = combine(good, where)
    return open_phrase(key, where, sealed), sorted({*bad, *left_out}), sorted({*missing})
