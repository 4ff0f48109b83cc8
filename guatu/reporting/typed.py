"""What a person types in a field of a form → its value, and back: nothing is lost either way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from guatu.language import gettext as _
from guatu.reporting.form import FormField, Value
from guatu.values import FEN_PER_WAN, amount, number_text

FINEST: Final = 6
"""Decimals of 万元: the sixth is a 分."""
LARGEST: Final = 10**17
"""No amount (分), count or percentage is larger; the tables could not hold it."""
LONGEST: Final = 4000
"""Characters that a text may have."""
YES: Final = ("是", "有", "已", "true", "1", "yes", "y", "√")
NO: Final = ("否", "无", "未", "false", "0", "no", "n", "×")


class Untyped(ValueError):
    """A text that is no value of its field; the message says what was expected."""


def read_value(one: FormField, text: str) -> Value | None:
    """The value of a field as typed; None for an empty text. Full-width digits and thousands separators are read.

    Raises Untyped with a sentence that names the field, what stands there and what was expected.
    """
    if "\x00" in text:
        raise _wrong(one, text.replace("\x00", "�")[:20], _("看得见的文字"))
    bare = unicodedata.normalize("NFKC", text).strip() if one.kind != "text" else text.strip()
    if not bare or bare in ("–", "-", "—"):
        return None
    match one.kind:
        case "money":
            return _money(one, bare)
        case "percent":
            return _percent(one, bare)
        case "count":
            return _count(one, bare)
        case "flag":
            return _flag(one, bare)
        case "date":
            return _day(one, bare)
        case "choice":
            if bare not in one.choices:
                raise _wrong(one, bare, _("下列之一：{choices}").format(choices="、".join(one.choices)))
            return bare
    if len(bare) > LONGEST:
        raise _wrong(one, bare[:20] + "…", _("不超过 {n} 个字").format(n=LONGEST))
    return bare.replace("\r\n", "\n")


def typed_text(one: FormField, value: Value | None) -> str:
    """The value as a person would type it in: read again, it is the same value. Empty for None."""
    if value is None:
        return ""
    match one.kind:
        case "money":
            assert isinstance(value, int)
            return f"{amount(value, '万元'):f}"
        case "flag":
            return _("是") if value else _("否")
        case "date":
            assert isinstance(value, date)
            return value.isoformat()
        case "percent":
            assert isinstance(value, Decimal)
            return plain(value)
    return str(value)


def shown_text(one: FormField, value: Value | None) -> str:
    """The value for people, exactly as it was typed: thousands separators, % and unit; "–" for None."""
    if value is None:
        return "–"
    match one.kind:
        case "money":
            assert isinstance(value, int)
            return exact_money(value)
        case "percent":
            assert isinstance(value, Decimal)
            return plain(value).replace("-", "−") + "%"
        case "count":
            assert isinstance(value, int)
            return number_text(value, 0) + (f" {one.unit}" if one.unit else "")
        case "date":
            assert isinstance(value, date)
            return f"{value.year}-{value.month:02d}-{value.day:02d}"
    return typed_text(one, value)


def exact_money(fen: int | None) -> str:
    """万元 with as many decimals as the amount has, so that no figure is shown as another one."""
    if fen is None:
        return "–"
    exact = amount(fen, "万元")
    exponent = exact.as_tuple().exponent
    return number_text(exact, -exponent if isinstance(exponent, int) and exponent < 0 else 0)


def plain(value: Decimal) -> str:
    """A decimal without the zeros behind it: 16.50 → 16.5, 100 → 100."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def stored(one: FormField, value: Value) -> int | str | bool:
    """The value as JSON keeps it; `restored` gives it back."""
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value


def restored(one: FormField, kept: int | str | bool) -> Value | None:
    """What `stored` kept; None where the field has since changed its kind and the value no longer fits."""
    try:
        match one.kind:
            case "percent":
                return Decimal(str(kept))
            case "date":
                return date.fromisoformat(str(kept))
            case "money" | "count":
                return kept if isinstance(kept, int) and not isinstance(kept, bool) else None
            case "flag":
                return kept if isinstance(kept, bool) else None
    except (ValueError, InvalidOperation):
        return None
    return str(kept)


def own_from_columns(
    fields: tuple[FormField, ...], extra: Mapping[str, str]
) -> tuple[dict[str, Value], dict[str, str]]:
    """Out of the kept columns of a row: the values of the form's own fields by id, and what is wrong by id."""
    values, wrong = {}, {}
    for one in fields:
        if one.name in extra:
            try:
                value = read_value(one, _cell_text(one, extra[one.name]))
            except Untyped as error:
                wrong[one.id] = str(error)
                continue
            if value is not None:
                values[one.id] = value
    return values, wrong


def _cell_text(one: FormField, text: str) -> str:
    """A day without the time of day that some spreadsheets add."""
    return re.sub(r"[ T]00:00(:00)?$", "", text) if one.kind == "date" else text


def _wrong(one: FormField, found: str, expected: str) -> Untyped:
    return Untyped(
        _("“{field}”填的是“{found}”，应为{expected}。").format(field=one.name, found=found, expected=expected)
    )


def _number(one: FormField, text: str, expected: str) -> Decimal:
    bare = text.replace(",", "").replace("−", "-").replace(" ", "")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", bare) or len(bare) > 40:
        raise _wrong(one, text, expected)
    return Decimal(bare)


def _money(one: FormField, text: str) -> int:
    expected = _("以万元为单位的数字，例如 1200 或 1200.5")
    exact = _number(one, text.removesuffix("万元"), expected)
    fen = exact * FEN_PER_WAN
    if fen != fen.to_integral_value():
        raise _wrong(one, text, _("最多 {n} 位小数（精确到分）").format(n=FINEST))
    return _within(one, text, int(fen))


def _percent(one: FormField, text: str) -> Decimal:
    expected = _("0 到 100 之间的百分数，最多 4 位小数")
    exact = _number(one, text.removesuffix("%"), expected)
    if not 0 <= exact <= 100 or exact != exact.quantize(Decimal("0.0001")):
        raise _wrong(one, text, expected)
    return Decimal(plain(exact))


def _count(one: FormField, text: str) -> int:
    expected = _("整数")
    exact = _number(one, text, expected)
    if exact != exact.to_integral_value():
        raise _wrong(one, text, expected)
    return _within(one, text, int(exact))


def _within(one: FormField, text: str, value: int) -> int:
    if abs(value) > LARGEST:
        raise _wrong(one, text, _("小一些的数"))
    return value


def _flag(one: FormField, text: str) -> bool:
    if text.lower() in YES or text == _("是"):
        return True
    if text.lower() in NO or text == _("否"):
        return False
    raise _wrong(one, text, _("是或否"))


def _day(one: FormField, text: str) -> date:
    found = re.fullmatch(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?", text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise _wrong(one, text, _("日期，例如 2023-10-15"))
