"""What the form of the laboratory says. The whole state travels in it; nothing is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.http import QueryDict

from guatu.language import language
from guatu.schemes.adjustable import Adjustable, adjustables
from guatu.schemes.load import Scheme, SchemeError, read_scheme, rule_files
from guatu.schemes.trial import Trial, tried, turned

VALUE, TEXT = "set.", "toml."
"""Begin the names of fields: a value of a rule, the text of a file."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked: by which way values are turned, what is turned (the scheme in force, or the text that was
    written), what was typed, the texts, and whether the whole year is looked at."""

    by: Literal["rules", "toml"]
    base: Scheme
    typed: dict[str, str]
    texts: dict[str, str]
    year: bool
    trial: Trial


def wanted(given: QueryDict, scheme: Scheme) -> Wanted:
    """Read the form. Whatever it says, there is a trial: with faults, where it cannot be used."""
    texts = {
        name: str(given[f"{TEXT}{name}"]).replace("\r\n", "\n")
        for name in rule_files(scheme.files)
        if given.get(f"{TEXT}{name}", "").strip()
    }
    files = {**scheme.files, **texts}
    typed = {key.removeprefix(VALUE): str(given[key]) for key in given if key.startswith(VALUE)}
    base, by = scheme, "toml" if given.get("by") == "toml" else "rules"
    if by == "rules" and texts:
        try:
            base = read_scheme(files, scheme.folder)
        except SchemeError:
            by = "toml"
    trial = turned(scheme, typed, base) if by == "rules" else tried(scheme, files)
    return Wanted(
        "toml" if by == "toml" else "rules", base, typed, texts, given.get("months") == "year", trial
    )


def adjustables_of(scheme: Scheme) -> tuple[Adjustable, ...]:
    """The values of a scheme that can be turned; the last few schemes are kept."""
    return _adjustables(_Known(scheme), language())


class _Known:
    """A scheme that is known by its digest."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme

    def __hash__(self) -> int:
        return hash(self.scheme.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.scheme.digest == self.scheme.digest


@lru_cache(maxsize=8)
def _adjustables(known: _Known, spoken: str) -> tuple[Adjustable, ...]:
    return tuple(adjustables(known.scheme))
