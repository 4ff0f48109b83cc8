"""Figures in a wrong unit: found by the project's own series, not by their size alone.

A figure is in the wrong unit when it does not fit its neighbours and the figure times (or divided by)
the unit factor does. Month and cumulative figures are judged apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from guatu.portfolio.project import Project
from guatu.reporting.report import Report
from guatu.reporting.settings import CheckSettings
from guatu.values import Period


@dataclass(frozen=True, slots=True)
class UnitError:
    """A figure in the wrong unit: the kind of finding, and what was meant, in 分."""

    kind: str
    meant: int


UnitErrors = Mapping[tuple[Period, str], UnitError]
"""By month and field (`invested_month` or `invested_ytd`)."""


@dataclass(slots=True)
class _Bounds:
    """What a series leaves a cumulative figure: not below `low`, not above `high` (None: open);
    `exact` are the values that the identities with the neighbours ask for."""

    low: int
    high: int | None
    exact: list[int]


def unit_errors(project: Project | None, reports: Sequence[Report], settings: CheckSettings) -> UnitErrors:
    """The wrong units among one project's reports, which must be in the order of their months."""
    found: dict[tuple[Period, str], UnitError] = {}
    by_year: dict[int, list[Report]] = {}
    for report in reports:
        by_year.setdefault(report.period.year, []).append(report)
    for series in by_year.values():
        judge = _Series(project, series, settings)
        for position in range(len(series)):
            if error := judge.cumulative(position):
                found[series[position].period, "invested_ytd"] = error
        for position in range(len(series)):
            if error := judge.month(position):
                found[series[position].period, "invested_month"] = error
    return found


class _Series:
    """One project's reports of one year. `good` holds the cumulative figures as meant."""

    def __init__(self, project: Project | None, reports: Sequence[Report], settings: CheckSettings) -> None:
        self.project, self.reports, self.settings = project, reports, settings
        self.good: dict[int, int] = {}
        self.ceiling = None
        if project is not None:
            self.ceiling = max((value for value in (project.total, project.planned) if value), default=None)

    def cumulative(self, position: int) -> UnitError | None:
        """Judge the cumulative figure at `position`; those before it have been judged."""
        value = self.reports[position].invested_ytd
        if value is None:
            return None
        self.good[position] = value
        if value <= 0 or self.reports[position].added_up:
            return None
        bounds = self._bounds(position)
        factor = self.settings.unit_factor
        for kind, meant in (("unit_yi_in_wan", value * factor), ("unit_wan_in_yi", value // factor)):
            if self._better(value, meant, bounds, position, larger=kind == "unit_yi_in_wan"):
                self.good[position] = meant
                return UnitError(kind, meant)
        return None

    def _bounds(self, position: int) -> _Bounds:
        report = self.reports[position]
        before = max((p for p in self.good if p < position), default=None)
        low = self.good[before] if before is not None else 0
        exact: list[int] = []
        adjacent = before is not None and self.reports[before].period.plus(1) == report.period
        if report.invested_month is not None and (adjacent or report.period.month == 1):
            exact.append(low + report.invested_month)
        following = next((r for r in self.reports[position + 1 :] if r.invested_ytd), None)
        high = following.invested_ytd if following else None
        if (
            following is not None
            and following.period == report.period.plus(1)
            and following.invested_month is not None
            and following.invested_ytd is not None
            and following.invested_ytd > following.invested_month
        ):
            exact.append(following.invested_ytd - following.invested_month)
        return _Bounds(low, high, exact)

    def _better(self, value: int, meant: int, bounds: _Bounds, position: int, *, larger: bool) -> bool:
        """Whether `meant` fits the series and `value` does not."""
        gap, factor = self.settings.unit_gap, self.settings.unit_factor
        if meant <= 0:
            return False
        far_below_last = bounds.low > 0 and value * gap < bounds.low
        if (
            value in bounds.exact
            and not far_below_last
            and not self._exact_is_suspect(value, bounds, position)
        ):
            return False
        close = [e for e in bounds.exact if self._near(meant, e)]
        if larger:
            if value >= bounds.low > 0 and not close:
                return False
            if self.ceiling is not None and meant > self.ceiling * 2:
                return False
            # Well below the last good figure, or nothing to compare with yet.
            below = value * gap < bounds.low if bounds.low else self._far_below(value, bounds, position)
            if close and (value * gap < max(close) or below):
                return True
            fits = meant >= bounds.low * (1 - self.settings.unit_tolerance) and (
                bounds.high is None
                or bounds.high * gap < meant
                or meant <= bounds.high * (1 + self.settings.unit_tolerance)
            )
            return below and fits
        # Ten thousand times too large.
        limits = [limit for limit in (bounds.high, self.ceiling) if limit]
        too_large = bool(limits) and value > min(limits) * gap
        if bounds.low and value > bounds.low * factor // 2 and not bounds.exact:
            too_large = too_large or self.ceiling is None
        if not too_large:
            return False
        return bool(close) or (
            meant >= bounds.low * (1 - self.settings.unit_tolerance)
            and all(meant <= limit * (1 + self.settings.unit_tolerance) for limit in limits)
        )

    def _exact_is_suspect(self, value: int, bounds: _Bounds, position: int) -> bool:
        """An identity proves nothing when the month beside it may be in the wrong unit as well."""
        return (
            self.reports[position].invested_month == value
            and bounds.low == 0
            and self._far_below(value, bounds, position)
        )

    def _far_below(self, value: int, bounds: _Bounds, position: int) -> bool:
        """With no figure before it: far below what the next month or the plan lets expect."""
        gap = self.settings.unit_gap
        report = self.reports[position]
        nxt = next((r for r in self.reports[position + 1 :] if r.invested_ytd), None)
        if nxt is not None and nxt.invested_ytd is not None and nxt.invested_month is not None:
            base = nxt.invested_ytd - nxt.invested_month
            if nxt.period == report.period.plus(1):
                return base > 0 and value * gap < base
            return value * gap < nxt.invested_ytd and value * self.settings.unit_factor <= nxt.invested_ytd
        if nxt is not None and nxt.invested_ytd is not None:
            return value * gap < nxt.invested_ytd
        expected = self._plan(report.period.month)
        if expected is None or value * gap >= expected:
            return False
        meant, reach = value * self.settings.unit_factor, self.settings.plan_reach
        return meant <= expected * reach and meant * gap >= expected

    def _plan(self, month: int) -> int | None:
        if self.project is None:
            return None
        split = self.project.planned_cumulative
        if len(split) == 12 and split[month - 1]:
            return split[month - 1]
        return self.project.planned * month // 12 if self.project.planned else None

    def month(self, position: int) -> UnitError | None:
        """Judge the month's figure against the cumulative figures as meant."""
        report = self.reports[position]
        value = report.invested_month
        if value is None or value <= 0:
            return None
        if report.added_up:
            return self._alone(position, value)
        expected = self._expected_month(position)
        factor, gap = self.settings.unit_factor, self.settings.unit_gap
        if expected is None or expected <= 0 or self._near(value, expected):
            return None
        if value * gap < expected and self._near(value * factor, expected):
            return UnitError("unit_yi_in_wan", value * factor)
        if value > expected * gap and self._near(value // factor, expected):
            return UnitError("unit_wan_in_yi", value // factor)
        return None

    def _alone(self, position: int, value: int) -> UnitError | None:
        """Judge a month's figure where only months are reported: against the middle of the others."""
        others = sorted(
            r.invested_month for p, r in enumerate(self.reports) if p != position and r.invested_month
        )
        if len(others) < 2:
            return None
        middle, reach = others[len(others) // 2], self.settings.plan_reach
        factor, gap = self.settings.unit_factor, self.settings.unit_gap
        for kind, meant, off in (
            ("unit_yi_in_wan", value * factor, value * gap < middle),
            ("unit_wan_in_yi", value // factor, value > middle * gap),
        ):
            if off and middle <= meant * reach and meant <= middle * reach:
                return UnitError(kind, meant)
        return None

    def _expected_month(self, position: int) -> int | None:
        report = self.reports[position]
        now = self.good.get(position)
        before = max((p for p in self.good if p < position), default=None)
        if now is None:
            following = position + 1
            if following in self.good and self.reports[following].period == report.period.plus(1):
                month = self.reports[following].invested_month
                now = self.good[following] - month if month is not None else None
        if now is None:
            plan = self._plan(report.period.month)
            earlier = self._plan(report.period.month - 1) if report.period.month > 1 else 0
            return plan - earlier if plan is not None and earlier is not None else None
        if before is None:
            return now
        if self.reports[before].period.plus(1) == report.period:
            return now - self.good[before]
        # Over a gap the month is a part of the difference; only its size can be judged.
        difference = now - self.good[before]
        value = report.invested_month or 0
        meant = value * self.settings.unit_factor
        if difference > 0 and value * self.settings.unit_gap < difference and meant <= difference:
            return meant
        return value

    def _near(self, value: int, expected: int) -> bool:
        return abs(value - expected) <= Fraction(self.settings.unit_tolerance) * abs(expected)
