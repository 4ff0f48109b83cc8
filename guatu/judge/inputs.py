"""What a month is judged from, as plain data: to JSON and back without losing a digit."""

from __future__ import annotations

import types
import typing
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Union

from guatu.assessment.given import FactRow, GivenValue
from guatu.assessment.terms import Term
from guatu.findings import Finding
from guatu.judge.month import Judged, judge_month
from guatu.language import gettext as _
from guatu.portfolio.project import Project
from guatu.reporting.report import Report
from guatu.schemes.load import Scheme
from guatu.values import Period

Json = dict[str, Any]


class InputsError(ValueError):
    """A part that cannot be read back; the message names the part, its place, and what was expected."""


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything that `judge_month` is given beside the scheme."""

    period: Period
    projects: Sequence[Project] = ()
    reports: Sequence[Report] = ()
    findings: Sequence[Finding] = ()
    facts: Sequence[FactRow] = ()
    as_of: date | None = None
    jurisdiction: str | None = None
    agency: str | None = None

    def judge(self, scheme: Scheme) -> Judged:
        """The month by a scheme."""
        return judge_month(
            scheme, self.projects, self.reports, self.findings, period=self.period, as_of=self.as_of,
            facts=self.facts, jurisdiction=self.jurisdiction, agency=self.agency,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """The parts by name. Money stays integers of 分; a decimal is a string; a given number is a fraction."""
        parts = {name: [encoded(one) for one in getattr(self, name)] for name in _LISTS}
        return {"given": {name: encoded(getattr(self, name)) for name in _GIVEN}, **parts}

    @classmethod
    def from_json(cls, parts: Mapping[str, Any]) -> Inputs:
        """Read what `as_json` wrote. Raises InputsError."""
        given = parts.get("given")
        if not isinstance(given, dict) or set(given) != set(_GIVEN):
            raise InputsError(_("given：应有 {keys}").format(keys="、".join(_GIVEN)))
        hints = typing.get_type_hints(cls)
        read: Json = {name: decoded(hints[name], given[name], f"given.{name}") for name in _GIVEN}
        for name, kind in _LISTS.items():
            rows = parts.get(name)
            if not isinstance(rows, list):
                raise InputsError(_("{name}：应为一个列表").format(name=name))
            read[name] = tuple(decoded(kind, row, f"{name}[{number}]") for number, row in enumerate(rows))
        return cls(**read)


_GIVEN = ("period", "as_of", "jurisdiction", "agency")
_LISTS: Mapping[str, type] = {"projects": Project, "reports": Report, "findings": Finding, "facts": FactRow}


def encoded(value: Any) -> Any:
    """A value as JSON. Fields of a record that have their default are left out."""
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return str(value)
        case str():
            return value
        case Fraction():
            return {"number": f"{value.numerator}/{value.denominator}"}
        case Decimal() | Period() | Term():
            return str(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): encoded(one) for key, one in value.items()}
        case tuple() | list():
            return [encoded(one) for one in value]
    if is_dataclass(value):
        said = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: encoded(one) for field, one in said if not _is_default(field, one)}
    raise TypeError(type(value).__name__)


def _is_default(field: Field[Any], value: Any) -> bool:
    if field.default_factory is not MISSING:
        return bool(value == field.default_factory())
    return field.default is not MISSING and bool(value == field.default)


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def decoded(hint: Any, value: Any, place: str) -> Any:
    """A JSON value as the type says. Raises InputsError that names the place."""
    try:
        return _decoded(hint, value, place)
    except (ValueError, TypeError, ArithmeticError, KeyError) as error:
        if isinstance(error, InputsError):
            raise
        raise InputsError(_("{place}：读不出 {value}").format(place=place, value=repr(value)[:60])) from error


def _decoded(hint: Any, value: Any, place: str) -> Any:
    if hint == GivenValue:
        return _given(value)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in inner:
            return None
        if set(inner) - {type(None)} == set(typing.get_args(GivenValue)):
            return _given(value)
        (only,) = (one for one in inner if one is not type(None))
        return decoded(only, value, place)
    if origin is tuple:
        return tuple(decoded(inner[0], one, f"{place}[{n}]") for n, one in enumerate(_of(list, value)))
    if origin is not None and issubclass(origin, Mapping):
        return {str(key): decoded(inner[1], one, f"{place}.{key}") for key, one in _of(dict, value).items()}
    if hint in (Period, Term):
        return hint.parse(_of(str, value))
    if hint is Fraction:
        return Fraction(_of(str, _of(dict, value)["number"]))
    if hint is date:
        return date.fromisoformat(_of(str, value))
    if hint is Decimal:
        return Decimal(_of(str, value))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    if is_dataclass(hint):
        return _record(hint, _of(dict, value), place)  # type: ignore[arg-type]
    return _of(hint, value)


def _record(kind: type, value: Json, place: str) -> Any:
    hints = _hints(kind)
    for key in value:
        if key not in hints:
            raise InputsError(_("{place}：没有“{key}”这一项").format(place=place, key=key))
    return kind(**{key: decoded(hints[key], one, f"{place}.{key}") for key, one in value.items()})


def _given(value: Any) -> GivenValue:
    if isinstance(value, bool | str):
        return value
    return Fraction(_of(str, _of(dict, value)["number"]))


def _of(kind: Any, value: Any) -> Any:
    """The value where it is of that plain kind, else TypeError; true and false are no integers."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError
    return value
