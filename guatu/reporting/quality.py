"""The quality of what a unit reports: counts of what went wrong, points, and a grade, each with its workings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from guatu.language import gettext as _
from guatu.reporting.quality_rule import DataQuality, Fault, QualityGrade, QualityPart
from guatu.values import Period, half_up

REUSED: Final = frozenset({"copied_text", "nearly_copied_text", "same_problem_text", "photo_reused"})
"""Kinds of question that say that a text or photograph was used again."""
FULL: Final = 100


@dataclass(frozen=True, slots=True)
class Handled:
    """One report that was due from a unit: of which project and month, and what became of it.

    `came`: whether there is a report; `handed_in` is its day, None where it is not dated. `returned`: how often it came back; `corrected`: anew after it was accepted.
    `unanswered` and `explained` are the kinds of its questions.
    """

    code: str
    name: str
    period: Period
    due: date
    came: bool = True
    handed_in: date | None = None
    returned: int = 0
    corrected: bool = False
    unanswered: tuple[str, ...] = ()
    explained: tuple[str, ...] = ()

    def has(self, fault: Fault) -> bool:
        """Whether the report has a kind of fault."""
        match fault:
            case "silent":
                return not self.came
            case "late":
                return self.handed_in is not None and self.handed_in > self.due
            case "returned":
                return self.returned > 0
            case "corrected":
                return self.corrected
            case "unanswered":
                return bool(set(self.unanswered) - REUSED)
            case "explained":
                return bool(set(self.explained) - REUSED)
            case "reused":
                return bool({*self.unanswered, *self.explained} & REUSED)
            case "last_day":
                return self.handed_in == self.due


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the workings: how many of how many reports have a fault, and the points that it costs."""

    part: QualityPart
    count: int
    of: int
    less: Fraction
    examples: tuple[Handled, ...]

    @property
    def share(self) -> Fraction | None:
        """Of the reports that could have the fault, per cent; None where there is none."""
        return Fraction(self.count * 100, self.of) if self.of else None

    @property
    def words(self) -> str:
        """3 ÷ 27 = 11.1%，超过不计的 0% 的部分 × 30 分，扣 3.3."""
        if self.share is None:
            return _("没有可算的报告，不扣分")
        said = _("{count} ÷ {of} = {share}%").format(
            count=self.count, of=self.of, share=half_up(self.share, 1)
        )
        if not self.less:
            return said + (
                _("，{free}% 以内不扣分").format(free=self.part.free) if self.count else _("，不扣分")
            )
        if self.part.free:
            return said + _("，{free}% 以内不计，余下按 {less} 分折算，扣 {points}").format(
                free=self.part.free, less=self.part.less, points=half_up(self.less, 2)
            )
        return said + _("，× {less} 分，扣 {points}").format(
            less=self.part.less, points=half_up(self.less, 2)
        )


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of a unit's reports: how many were due, the lines, points and grade (None: too few reports)."""

    due: int
    lines: tuple[Line, ...]
    points: Decimal | None
    grade: QualityGrade | None

    @property
    def words(self) -> str:
        """100 − 3.3 − 1.2 = 95.5."""
        lost = [half_up(line.less, 2) for line in self.lines if line.less]
        if self.points is None:
            return _("应报 {n} 份，太少，不评").format(n=self.due)
        return " − ".join(["100", *(f"{one}" for one in lost)]) + f" = {self.points}"


def quality_of(reports: Iterable[Handled], rule: DataQuality) -> Quality:
    """Points and grade of what one unit reported, with every count behind them.

    100 less, for each part, its points × the share of reports with the fault (beyond the `free` share, the rest of
    it stretched to the whole); not below 0. Rounded half up once, at the end; the grade goes by what is shown.
    """
    due = tuple(reports)
    lines = tuple(_line(part, due) for part in rule.part)
    if len(due) < rule.least_reports:
        return Quality(len(due), lines, None, None)
    exact = max(Fraction(0), FULL - sum((line.less for line in lines), Fraction(0)))
    points = half_up(exact, rule.decimals)
    return Quality(len(due), lines, points, _grade(points, rule.grade))


def _line(part: QualityPart, due: Sequence[Handled]) -> Line:
    could = due if part.fault == "silent" else tuple(one for one in due if one.came)
    faulty = tuple(one for one in could if one.has(part.fault))
    less = Fraction(0)
    if could:
        free = Fraction(part.free) / 100
        beyond = max(Fraction(0), Fraction(len(faulty), len(could)) - free) / (1 - free)
        less = Fraction(part.less) * beyond
    return Line(part, len(faulty), len(could), less, faulty)


def _grade(points: Decimal, grades: Sequence[QualityGrade]) -> QualityGrade | None:
    return max((one for one in grades if points >= one.low), key=lambda one: one.low, default=None)


def fault_names() -> dict[Fault, str]:
    """What people call each kind of fault."""
    return {
        "silent": _("未报"),
        "late": _("迟报"),
        "returned": _("被退回"),
        "corrected": _("采用后又更正"),
        "unanswered": _("存疑未说明"),
        "explained": _("存疑已说明"),
        "reused": _("文字或照片重复使用"),
        "last_day": _("最后一天才报"),
    }
