"""What the demonstration city hands in beside its reports: invented counts, inspection marks, one tour's ballots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from guatu.assessment.ballots import Vote
from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.clock import on_day
from guatu.server.given.actions import hand_in, import_ballots, keep_marks, signature
from guatu.server.proposals.actions import propose_marks

YEAR: Final = 2023
THROUGH: Final = 7
"""The last month that was handed in whole: what is due after it is still missing."""
RATES: Final = (9, 8, 7, 6, 5, 4, 6, 3, 5, 4, 11, 2)
"""New enterprises of each county up to that month, in the order of the counties."""
VISITED: Final = (88, 91, 84, 79, 86, 82, 90, 77, 85, 83, 92, 80)
"""About what each county is marked with."""
SAID: Final = (
    "现场有序，塔吊、班组到位",
    "形象进度与月报一致，资料齐全",
    "短视频未反映主体施工，有一处停工",
    "要素保障到位，开工手续齐全",
)
LEADERS: Final = ("阎子衿", "桑嘉树", "柯景行", "庞清越", "樊青禾")
TOUR_DAY: Final = date(2023, 7, 7)
TOUR_BEFORE: Final = 6
CORRECTED: Final = date(2023, 8, 2)
TOUR: Final = Term("quarter", 2023, 2)


def give_month(
    counties: Sequence[str],
    month: int,
    scheme: Scheme,
    *,
    statistics: Account,
    office: Account,
    second: Account,
) -> None:
    """Hand in what comes beside the reports of a month, up to July: the counts of the statistics office, the
    confirmed marks; before those of June the ballots of the tour, one of them not valid."""
    if month > THROUGH:
        return
    if month == TOUR_BEFORE:
        with on_day(TOUR_DAY):
            import_ballots(_votes(counties), actor=office, day=TOUR_DAY)
    if month == THROUGH:
        corrected = FactRow(
            counties[3],
            Term("month", YEAR, 6),
            "new_enterprises",
            Fraction(4),
            reason="一户企业重复入库，已剔除",
        )
        with on_day(CORRECTED):
            hand_in([corrected], actor=statistics, scheme=scheme, day=CORRECTED)
    with on_day(_handed_in(month, 8)):
        _marks(counties, month, scheme, office, second)
    with on_day(_handed_in(month, 9)):
        _counts(counties, month, scheme, statistics)


def give_today(counties: Sequence[str], scheme: Scheme, *, second: Account) -> None:
    """A mark that waits for its second person."""
    waiting = FactRow(
        counties[0],
        Term("month", YEAR, 9),
        "inspection_mark",
        Fraction(87),
        reason="两个工地抽查，一处夜间未作业",
    )
    propose_marks([waiting], actor=second, scheme=scheme)


def _handed_in(month: int, day: int) -> date:
    return date(YEAR, month + 1, day)


def _counts(counties: Sequence[str], month: int, scheme: Scheme, actor: Account) -> None:
    rows = [
        FactRow(
            name,
            Term("month", YEAR, month),
            "new_enterprises",
            Fraction(rate * month // THROUGH),
            Fraction(rate - 1) if month == THROUGH and rate == max(RATES) else None,
            source="统计名录库",
        )
        for name, rate in zip(counties, RATES, strict=True)
    ]
    hand_in(rows, actor=actor, scheme=scheme, day=_handed_in(month, 9))


def _marks(counties: Sequence[str], month: int, scheme: Scheme, first: Account, second: Account) -> None:
    rows = [
        FactRow(
            name,
            Term("month", YEAR, month),
            "inspection_mark",
            Fraction(about + (month * (place + 3)) % 7 - 3),
            source="月督导",
            by=signature(first),
            second=signature(second),
            day=_handed_in(month, 8),
            reason=SAID[(month + place) % len(SAID)],
        )
        for place, (name, about) in enumerate(zip(counties, VISITED, strict=True))
    ]
    keep_marks(rows, actor=second, scheme=scheme, day=_handed_in(month, 8))


def _votes(counties: Sequence[str]) -> list[Vote]:
    """Every county puts the others in order, and so do leaders; the last county puts itself first."""
    votes = []
    for number, voter in enumerate((*counties, *LEADERS)):
        others = [name for name in counties if name != voter or voter == counties[-1]]
        ordered = sorted(others, key=lambda name: _liking(counties.index(name), number))
        if voter == counties[-1]:
            ordered = [voter, *(name for name in ordered if name != voter)]
        group = "counties" if voter in counties else "leaders"
        votes += [
            Vote("tour_votes", TOUR, voter, group, name, Fraction(place), f"{voter}的选票")
            for place, name in enumerate(ordered, 1)
        ]
    return votes


def _liking(candidate: int, voter: int) -> int:
    """What a voter thinks of a candidate; less is better."""
    return 2 * (len(VISITED) - sorted(VISITED).index(VISITED[candidate])) + (candidate * 5 + voter * 7) % 9
