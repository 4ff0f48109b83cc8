"""Figures that belong beside each other: dispatch and statistics, this year and the last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from guatu.language import gettext as _
from guatu.reporting.honesty import gap_percent
from guatu.reporting.typed import exact_money
from guatu.values import half_up, percent


@dataclass(frozen=True, slots=True)
class BesideStatistics:
    """The two cumulative figures of a report, in 分, and why they differ (empty: not said)."""

    dispatch: int
    statistics: int
    reason: str = ""

    @property
    def words(self) -> str:
        """调度数 10,000，统计数 9,000，少 1,000（调度数的 10.0%）."""
        gap, share = self.statistics - self.dispatch, gap_percent(self.dispatch, self.statistics)
        said = _("调度数 {dispatch}，统计数 {statistics}").format(
            dispatch=exact_money(self.dispatch), statistics=exact_money(self.statistics)
        )
        if not gap:
            return said + _("，一致")
        said += (_("，统计数多 {gap}") if gap > 0 else _("，统计数少 {gap}")).format(
            gap=exact_money(abs(gap))
        )
        return said if share is None else said + _("（调度数的 {n}%）").format(n=half_up(share, 1))


def beside_statistics(invested_ytd: int | None, own: Mapping[str, object]) -> BesideStatistics | None:
    """The two figures of a report; None unless it has both."""
    counted, reason = own.get("statistics_invested"), own.get("statistics_difference")
    if invested_ytd is None or not isinstance(counted, int) or isinstance(counted, bool):
        return None
    return BesideStatistics(invested_ytd, counted, str(reason or ""))


def since_last_year(now: int | None, then: int | None) -> Decimal | None:
    """By how many per cent of last year's figure this year's is higher, to one decimal; None where either is not
    known, or last year's was 0."""
    return None if now is None or then is None else percent(now - then, then, 1)


def last_year_words(now: int | None, then: int | None) -> str:
    """Last year's figure, and how this year's stands to it: 9,000，同比 +12.3%; "–" where it is not known."""
    if then is None:
        return "–"
    growth = since_last_year(now, then)
    if growth is None:
        return exact_money(then)
    sign = "+" if growth > 0 else "−" if growth < 0 else ""
    return _("{figure}，今年比它 {sign}{n}%").format(figure=exact_money(then), sign=sign, n=abs(growth))
