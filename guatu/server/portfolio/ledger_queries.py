"""Reading the ledger: one page of it, its sums by stage, its whole order, the neighbours of a project.

Rows come through rights alone. What is kept between requests (sums, tabs, values of filters) is kept under
the end of the record and the day, so that every action makes it stale; at the longest for a minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.db.models import (
    BigIntegerField,
    Count,
    F,
    FilteredRelation,
    FloatField,
    OrderBy,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, NullIf

from guatu.schemes.load import Scheme
from guatu.server.accounts.rights import User, Verb, mandates, projects_for, sees_everything
from guatu.server.clock import today
from guatu.server.known import Known
from guatu.server.portfolio.filters import (
    ALL_PHASES,
    BUILDING_PHASE,
    LedgerFilter,
    conditions,
)
from guatu.server.portfolio.ledger_kept import kept, kept_orders
from guatu.server.portfolio.models import PastProject, Project
from guatu.server.record.models import Head
from guatu.values import Period

Projects = QuerySet[Project] | QuerySet[PastProject]
"""Projects as they are, or as they were known on a past day: both have the same columns."""

PAGE_SIZE: Final = 100
FAR_BEHIND: Final = 1000
"""From this row on a page is cut from the whole order, which is kept, instead of being sorted anew."""


class Month(NamedTuple):
    """The judgement that the ledger shows: its id, month, the last day of what was known, its entry in the record."""

    id: int
    period: str
    as_of: date
    entry: int

    @property
    def label(self) -> str:
        return Period.parse(self.period).label


class Row(NamedTuple):
    """One project of the ledger with where it stands in the month. Money in 分; None where unknown."""

    code: str
    name: str
    county: str
    category: str
    stage: str
    level: str
    total: int | None
    done_before: int | None
    planned: int | None
    planned_start: str
    planned_finish: str
    department: str | None
    responsible_unit: str
    county_leader: str
    city_leader: str
    company: str
    light: str | None
    planned_ytd: int | None
    invested_ytd: int | None
    reported: bool | None
    late: bool | None
    started: bool | None
    questioned: bool | None


COLUMNS: Final = (
    "code",
    "name",
    "county",
    "category",
    "stage",
    "level",
    "total",
    "done_before",
    "planned_then",
    "planned_start",
    "planned_finish",
    "lead_department__name",
    "responsible_unit",
    "county_leader",
    "city_leader",
    "company",
    "standing__level",
    "standing__planned_ytd",
    "standing__invested_ytd",
    "standing__reported",
    "standing__late",
    "standing__started",
    "standing__questioned",
)


class Sums(NamedTuple):
    """The sums of a set of projects, in 分.

    `judged` counts those of which the month knows the completion, `standing` those it knows at all.
    """

    projects: int = 0
    total: int = 0
    planned: int = 0
    planned_ytd: int = 0
    invested_ytd: int = 0
    judged: int = 0
    standing: int = 0

    @property
    def done(self) -> int | None:
        """What was completed; None where no completion is known at all."""
        return self.invested_ytd if self.judged else None

    @property
    def ahead(self) -> int | None:
        """Completion minus schedule: negative is behind."""
        return self.invested_ytd - self.planned_ytd if self.judged else None

    def __add__(self, other: tuple[Any, ...]) -> Sums:
        return Sums(*(mine + its for mine, its in zip(self, other, strict=True)))


@dataclass(frozen=True)
class Seen:
    """What `user` may see of the ledger in a month: the scope that all readers below start from.

    With `known` the projects are those of a past day (guatu.server.portfolio.past has them ready).
    """

    user: User
    month: Month | None
    scheme: Scheme
    verb: Verb = Verb.SEE
    known: Known | None = None

    @property
    def period(self) -> Period | None:
        return Period.parse(self.month.period) if self.month else None

    def projects(self) -> Projects:
        """The projects of the scope, each with its `standing` of the month (all null where it has none)."""
        month = self.month.id if self.month else -1
        found = projects_for(self.user, self.verb)
        if self.known is None:
            return found.annotate(
                standing=FilteredRelation("standings", condition=Q(standings__judged_month=month))
            )
        past = PastProject.objects.filter(known_on=self.known.day)
        if not sees_everything(self.user):
            past = past.filter(project__in=found)
        return past.annotate(
            standing=FilteredRelation(
                "project__standings", condition=Q(project__standings__judged_month=month)
            )
        )

    def matching(self, wanted: LedgerFilter, *, any_stage: bool = False) -> Projects:
        """The projects that a filter finds; `any_stage` leaves out the filter by stage."""
        found = self.projects().filter(conditions(wanted, self.period, self.scheme))
        return found if any_stage or not wanted.stages else found.filter(stage__in=wanted.stages)

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What an answer about this scope depends on, beside what was asked. One short query, once."""
        head = Head.objects.filter(id=1).values_list("hash", flat=True).first()
        day = today()
        return (head, day, self.month, self.scheme.digest, mandates(self.user, day), self.verb, self.known)


def ordered(found: Projects, wanted: LedgerFilter) -> Projects:
    """`found` in the order asked for; equal ones in the order of the ledger."""
    return found.order_by(*order_of(wanted), "position", "code")


DEFAULT_SORT: Final[Mapping[str, str]] = {BUILDING_PHASE: "-light", ALL_PHASES: "-light"}
"""The order of a tab where none is asked for: the gravest light first; else the largest total first."""

SORTS: Final[Mapping[str, tuple[Any, ...]]] = {
    "position": (F("position"), F("code")),
    "light": (F("standing__gravity"), F("standing__measure")),
    "name": (F("pinyin"), F("name")),
    "county": (F("region__position"), F("county")),
    "category": (F("category"),),
    "stage": (F("stage"),),
    "level": (F("level"),),
    "total": (F("total"),),
    "done_before": (F("done_before"),),
    "planned": (Coalesce("standing__planned", "planned"),),
    "done": (F("standing__invested_ytd"),),
    "percent": (F("standing__percent"),),
    "points": (
        Cast(F("standing__invested_ytd") - F("standing__planned_ytd"), FloatField())
        / NullIf(Cast("standing__planned", FloatField()), Value(0.0)),
    ),
    "planned_start": (NullIf("planned_start", Value("")),),
    "planned_finish": (NullIf("planned_finish", Value("")),),
    "department": (F("lead_department__name"),),
    "responsible_unit": (NullIf("responsible_unit", Value("")),),
    "county_leader": (NullIf("county_leader", Value("")),),
    "city_leader": (NullIf("city_leader", Value("")),),
    "company": (NullIf("company", Value("")),),
}
"""What each sort orders by; a project without the figure comes last either way."""


SORTED_BY_INDEX: Final = frozenset({"light", "done", "percent"})
"""The sorts for which the standings have an index; it serves where no project is without a standing."""


def sort_in_force(wanted: LedgerFilter) -> str:
    """The sort that a filter means: its own, else that of its tab."""
    return wanted.sort or DEFAULT_SORT.get(wanted.phase, "-total")


def order_of(wanted: LedgerFilter) -> list[OrderBy]:
    """The expressions of the order asked for; of equal gravity (no light at all) the larger total first."""
    name = sort_in_force(wanted)
    falling = name.startswith("-")
    order = [
        OrderBy(expression, descending=falling, nulls_last=True)
        for expression in SORTS[name.removeprefix("-")]
    ]
    if name.removeprefix("-") == "light":
        order.append(OrderBy(F("total"), descending=True, nulls_last=True))
    return order


def rows(found: Projects, wanted: LedgerFilter) -> QuerySet[Any, tuple[Any, ...]]:
    """The tuples of Row for `found`, in the order asked for. The plan is the one that the month was judged by."""
    planned = Coalesce("standing__planned", "planned", output_field=BigIntegerField())
    return ordered(found, wanted).annotate(planned_then=planned).values_list(*COLUMNS)


def page_rows(seen: Seen, wanted: LedgerFilter, page: int, sums: Sums) -> list[Row]:
    """One page of the ledger, of which `sums` are the sums. One query; a page far behind takes two at most."""
    start = (page - 1) * PAGE_SIZE
    if start < FAR_BEHIND:
        found = seen.matching(wanted)
        if sums.standing == sums.projects and sort_in_force(wanted).removeprefix("-") in SORTED_BY_INDEX:
            found = found.filter(Q(("standing__isnull", False)))
        return [Row(*values) for values in rows(found, wanted)[start : start + PAGE_SIZE]]
    ids = order_of_ids(seen, wanted)[start : start + PAGE_SIZE]
    of_page = rows(seen.projects().filter(id__in=ids), wanted).order_by()
    by_id = {identity: Row(*values) for identity, *values in of_page.values_list("id", *COLUMNS)}
    return [by_id[identity] for identity in ids if identity in by_id]


def order_of_ids(seen: Seen, wanted: LedgerFilter) -> list[int]:
    """The ids of all projects that a filter finds, in order. One query where it is not kept."""
    return kept_orders.get(
        ("order", *seen.key, wanted.query(period="")),
        lambda: list(ordered(seen.matching(wanted), wanted).values_list("id", flat=True)),
    )


def all_rows(seen: Seen, wanted: LedgerFilter) -> Iterator[Row]:
    """Every row that a filter finds, in order, read in steps."""
    for values in rows(seen.matching(wanted), wanted).iterator(chunk_size=2000):
        yield Row(*values)


def sums_by_stage(seen: Seen, wanted: LedgerFilter) -> dict[str, Sums]:
    """Stage → the sums over all its projects that the other filters find. One query where it is not kept."""

    def read() -> dict[str, Sums]:
        planned = Coalesce("standing__planned", "planned", output_field=BigIntegerField())
        return {
            stage: Sums(*(value or 0 for value in values))
            for stage, *values in seen.matching(wanted, any_stage=True)
            .order_by()
            .values("stage")
            .annotate(
                n=Count("id"),
                t=Sum("total"),
                p=Sum(planned),
                y=Sum("standing__planned_ytd"),
                d=Sum("standing__invested_ytd"),
                j=Count("standing__invested_ytd"),
                s=Count("standing__id"),
            )
            .values_list("stage", "n", "t", "p", "y", "d", "j", "s")
        }

    return kept.get(("sums", *seen.key, wanted.query(stage="", sort="", period="")), read)


def sums_of(by_stage: Mapping[str, Sums], stages: frozenset[str]) -> Sums:
    """The sums over some stages; over all of them for none named."""
    chosen = [sums for stage, sums in by_stage.items() if not stages or stage in stages]
    return sum(chosen, start=Sums())


class Neighbours(NamedTuple):
    """The projects before and after one in the order of the ledger, as (code, name); its place and how many."""

    before: tuple[str, str] | None
    after: tuple[str, str] | None
    place: int
    projects: int


def neighbours(seen: Seen, wanted: LedgerFilter, project: Project | PastProject) -> Neighbours | None:
    """Who stands beside a project in a filtered ledger; None where the filter does not find it. Two queries at most."""
    order = order_of_ids(seen, wanted)
    try:
        place = order.index(project.pk)
    except ValueError:
        return None
    before = order[place - 1] if place else None
    after = order[place + 1] if place + 1 < len(order) else None
    beside = type(project).objects.filter(
        id__in=[identity for identity in (before, after) if identity is not None]
    )
    named = {identity: (code, name) for identity, code, name in beside.values_list("id", "code", "name")}
    return Neighbours(
        named.get(before) if before is not None else None,
        named.get(after) if after is not None else None,
        place + 1,
        len(order),
    )
