"""Adding up the scores of all candidates at once.

Each term is kept as three big integers (`Planes`: the binary digits of its weight in every story) in which each bit
stands for one story in order of time, and adding up the planes of a story's terms adds up the scores of all candidates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import TypeAlias

Planes: TypeAlias = tuple[int, int, int]  # the binary digits of a term's weights, lowest first; bit = story
Weights: TypeAlias = tuple[tuple[str, ...], bytes]  # a story's terms, and the weight of each, 1 to 7

# A weight of the story that is read counts as a power of two, so that multiplying by it is choosing a column.
_SHIFT = (0, 0, 1, 2, 2, 2, 2, 2)
QUERY = tuple(1 << shift for shift in _SHIFT)  # by that weight: what the candidate's is multiplied by

CHUNK = 4096  # stories added to the planes at once: short integers until then
_NOWHERE: Planes = (0, 0, 0)


def append(planes: dict[str, Planes], vectors: Iterable[Weights], offset: int, wanted: Set[str] | None = None) -> None:
    """Add some stories to the planes, the first of them as bit `offset`; of their terms those that are wanted."""
    digits: dict[str, list[int]] = {}
    bit = 1
    for terms, weights in vectors:
        held = zip(terms, weights)  # noqa: B905  # equal by construction, and 4 million of them
        for term, weight in held if wanted is None else [pair for pair in held if pair[0] in wanted]:
            found = digits.get(term)
            if found is None:
                found = digits[term] = [0, 0, 0]
            if weight & 1:
                found[0] |= bit
            if weight & 2:
                found[1] |= bit
            if weight & 4:
                found[2] |= bit
        bit <<= 1
    for term, found in digits.items():
        low, middle, high = planes.get(term, _NOWHERE)
        planes[term] = (
            low | found[0] << offset if found[0] else low,
            middle | found[1] << offset if found[1] else middle,
            high | found[2] << offset if found[2] else high,
        )


def gathered(
    stretches: Iterable[tuple[int, Mapping[str, Iterable[tuple[int, int]]]]], stories: int
) -> dict[str, Planes]:
    """The planes of some terms among so many stories, from who holds each of them: stretches of stories, each from a
    bit on, by place in the stretch and weight."""
    size = -(-stories // 8)
    found: dict[str, tuple[bytearray, bytearray, bytearray]] = {}
    for offset, held in stretches:
        for term, holders in held.items():
            planes = found.get(term)
            if planes is None:
                planes = found[term] = bytearray(size), bytearray(size), bytearray(size)
            low, middle, high = planes
            for place, weight in holders:
                at = offset + place
                bit = 1 << (at & 7)
                if weight & 1:
                    low[at >> 3] |= bit
                if weight & 2:
                    middle[at >> 3] |= bit
                if weight & 4:
                    high[at >> 3] |= bit
    made: dict[str, Planes] = {}
    while found:  # what is made is let go of
        term, (low, middle, high) = found.popitem()
        made[term] = int.from_bytes(low, "little"), int.from_bytes(middle, "little"), int.from_bytes(high, "little")
    return made


def products(vector: Weights, planes: Mapping[str, Planes]) -> list[list[int]]:
    """What is to be added up, by power of two: each term's weight here times its weight in every story."""
    columns: list[list[int]] = [[] for _ in range(5)]
    for term, weight in zip(*vector, strict=True):
        if term not in planes:
            continue
        low, middle, high = planes[term]
        shift = _SHIFT[weight]
        if low:
            columns[shift].append(low)
        if middle:
            columns[shift + 1].append(middle)
        if high:
            columns[shift + 2].append(high)
    return columns


def add_nearness(columns: list[list[int]], near: list[int], mask: int) -> None:
    """Add two points for each age not passed; `near` are the first bits of each, oldest first.

    The steps are nested, so digit n of their number is the parity of every 2**n-th step.
    """
    if near[0] >= mask.bit_length():
        return
    steps = [mask >> at << at if at > 0 else mask for at in near]
    for digit in range(3):
        parity = 0
        for step in steps[(1 << digit) - 1 :: 1 << digit]:
            parity ^= step
        if parity:
            columns[digit + 1].append(parity)


def total(columns: list[list[int]]) -> list[int]:
    """The binary digits of the sums, lowest first (carry-save addition: three numbers of a column become one of it and
    one of the next)."""
    digits = []
    at = 0
    while at < len(columns):
        column = columns[at]
        at += 1
        if at == len(columns) and len(column) > 1:
            columns.append([])
        carries = columns[at] if at < len(columns) else []
        while len(column) > 2:
            a = column.pop()
            b = column.pop()
            c = column.pop()
            either = a ^ b
            carry = a & b | either & c
            column.append(either ^ c)
            if carry:
                carries.append(carry)
        if len(column) == 2:
            a, b = column
            column = [a ^ b]
            if a & b:
                carries.append(a & b)
        digits.append(column[0] if column else 0)
    return digits


def descend(digits: list[int], mask: int, offset: int) -> Iterator[tuple[int, int]]:
    """(offset + bit, score) of the bits in `mask`, highest score first and highest bit first of equals."""
    stack = [(len(digits), mask, 0)]
    while stack:
        digit, group, score = stack.pop()
        while digit:
            digit -= 1
            high = group & digits[digit]
            if high:
                low = group ^ high
                if low:
                    stack.append((digit, low, score))
                group, score = high, score + (1 << digit)
        while group:
            bit = group.bit_length() - 1
            yield offset + bit, score
            group ^= 1 << bit
