"""Dividing a whole number of minor units into parts, so that the parts add up to it exactly."""

from collections.abc import Sequence


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Divide `total` in proportion to `weights`, by largest remainder; the first of equals wins.

    Weights and total are not negative. Where all weights are 0 the parts are equal.
    """
    if not weights:
        return []
    if total < 0 or min(weights) < 0:
        raise ValueError("only amounts of at least 0 can be spread")
    whole = sum(weights)
    if whole == 0:
        return spread(total, [1] * len(weights))
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def part_of(total: int, taken: int, of: int) -> int:
    """What the first `taken` of `of` equal pieces of `total` come to; all come to `total`."""
    return total // of * taken + min(taken, total % of)
