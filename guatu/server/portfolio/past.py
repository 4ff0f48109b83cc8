"""Part of the portfolio's actions: the projects as they were known at the end of a past day, for listing.

A day that is over does not change any more, so what was made for it stays right; only a saved import that is taken
back changes it, and then all of it is thrown away.
"""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction
from django.db.models import F, Min, Q

from guatu.server.known import Known
from guatu.server.portfolio.current import DERIVED, LISTED, fill_in
from guatu.server.portfolio.models import AnnualPlan, PastProject, Project, ProjectFact

DAYS_KEPT: Final = 10
"""So many days are kept ready, each with a row for every project; the one made first gives way."""
BATCH: Final = 400
COPIED: Final = (
    "code",
    "position",
    *LISTED,
    *(
        f"{name}_id" if name in ("region", "lead_department") else name
        for name in DERIVED
        if name != "current_on"
    ),
)
"""The columns that a past row has in common with the row of today."""


def make_ready(known: Known) -> None:
    """Have a row ready for every project that was known at the end of the day. One query where it is.

    What nothing has changed since is copied inside the database; only the rest is worked out from its versions:
    10,000 projects of which a tenth has changed take half a second, a whole other year 5 s.
    """
    if PastProject.objects.filter(known_on=known.day).exists():
        return
    with transaction.atomic():
        later = (
            Q(entry_id__gt=known.entry)
            | Q(valid_from__gt=known.day)
            | Q(valid_from__gt=F("project__current_on"))
        )
        changed = {
            project
            for versions in (ProjectFact.objects, AnnualPlan.objects)
            for project in versions.filter(later).values_list("project_id", flat=True).distinct()
        }
        changed |= set(Project.objects.exclude(current_on__year=known.day.year).values_list("id", flat=True))
        _copy(known, changed)
        rows = {
            row.pk: PastProject(project=row, known_on=known.day, code=row.code, position=row.position)
            for row in Project.objects.all()
            if row.pk in changed
        }
        held = fill_in(rows, known.day, entered=known.entry)
        made = [row for project, row in rows.items() if project in held]
        PastProject.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
        _give_way()


def _copy(known: Known, changed: set[int]) -> None:
    """Copy the rows of today that say what was known then. One statement."""
    quote = connection.ops.quote_name
    source = Project.objects.values_list("id", *COPIED).order_by()
    if len(changed) < BATCH:
        source = source.exclude(id__in=changed)
    sql, parameters = source.query.sql_with_params()
    columns = ", ".join(quote(name) for name in ("project_id", *COPIED, "known_on"))
    day = connection.ops.adapt_datefield_value(known.day)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(PastProject._meta.db_table)} ({columns}) "
            f"SELECT source.*, %s FROM ({sql}) AS source WHERE 1 = 1 ON CONFLICT DO NOTHING",
            [day, *parameters],
        )
    if len(changed) >= BATCH:
        ids = sorted(changed)
        for start in range(0, len(ids), BATCH):
            PastProject.objects.filter(known_on=known.day, project__in=ids[start : start + BATCH]).delete()


def _give_way() -> None:
    days = PastProject.objects.values("known_on").annotate(made=Min("id")).order_by("-made")
    gone = [row["known_on"] for row in days[DAYS_KEPT:]]
    if gone:
        PastProject.objects.filter(known_on__in=gone).delete()


def throw_away() -> None:
    """Nothing made for a past day holds any more: what it was made from has been taken back."""
    PastProject.objects.all().delete()
