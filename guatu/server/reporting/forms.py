"""What was typed on the page of a report → values, and every fault at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from guatu.reporting.form import FormField, ReportForm, Value
from guatu.reporting.typed import Untyped, read_value

FIELD: Final = "f."
REASON: Final = "reason."


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: texts as they were, values as read, and for each field that could not be read a sentence."""

    texts: Mapping[str, str]
    values: Mapping[str, Value | None]
    faults: Mapping[str, str]


def asked_fields(form: ReportForm, *, ytd_known: bool) -> tuple[FormField, ...]:
    """The fields that a person fills in: the typed ones, and the cumulative figure where it cannot be computed."""
    return tuple(
        one for one in form.fields if not one.computed or (one.id == "invested_ytd" and not ytd_known)
    )


def read_typed(fields: Iterable[FormField], data: Mapping[str, str], prefix: str = FIELD) -> Typed:
    """Read the fields out of what was sent under `prefix` + id; a field that was not sent is empty."""
    texts: dict[str, str] = {}
    values: dict[str, Value | None] = {}
    faults: dict[str, str] = {}
    for one in fields:
        texts[one.id] = data.get(prefix + one.id, "")
        try:
            values[one.id] = read_value(one, texts[one.id])
        except Untyped as error:
            faults[one.id] = str(error)
    return Typed(texts, values, faults)


def read_reasons(data: Mapping[str, str]) -> dict[str, str]:
    """Digest of a doubt → the reason that was typed for it."""
    return {name.removeprefix(REASON): text for name, text in data.items() if name.startswith(REASON)}


def read_edition(text: str) -> int:
    """The edition of the draft that was seen; 0 for none, or for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
