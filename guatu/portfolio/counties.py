"""County names: one spelling for one place, learnt and never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations


def one_spelling(name: str | None, aliases: Mapping[str, str]) -> str | None:
    """The full name of a place by the aliases that a note or the office gives; itself otherwise."""
    if name is None:
        return None
    return aliases.get(name, name)


def likely_aliases(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs (short, full) that may be one place: the short name's characters all stand in the full
    one in their order and both begin alike (高新区 and 高新技术产业开发区, 经开区 and 经济技术开发区).

    To be proposed to a person; two places may differ in one character only.
    """
    pairs: list[tuple[str, str]] = []
    for first, second in combinations(sorted(set(names)), 2):
        short, full = sorted((first, second), key=len)
        if len(short) < 2 or len(short) == len(full) or short[0] != full[0]:
            continue
        alike = full[:2] == short[:2] or (len(short) >= 3 and len(full) >= len(short) + 3)
        if alike and _stands_in(short, full):
            pairs.append((short, full))
    return pairs


def _stands_in(short: str, full: str) -> bool:
    letters = iter(full)
    return all(letter in letters for letter in short)
