"""What a ledger as read would change: held against the versions in force, nothing is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from guatu.portfolio.project import Project as LedgerProject
from guatu.server.portfolio.facts import stored
from guatu.server.portfolio.queries import FactInForce, PlanInForce, facts_on, ids_by_code, plans_on


@dataclass(frozen=True, slots=True)
class LedgerChanges:
    """What a ledger would add.

    `new` are the projects not known yet; `facts` maps code → field → JSON of every version that differs from
    that in force (`null`: no longer stated); `plans` are the rows whose plan differs. `before` and
    `plans_before` are what is in force, by project id; `ids` the ids of the known codes.
    """

    new: tuple[LedgerProject, ...]
    facts: Mapping[str, Mapping[str, str]]
    plans: tuple[LedgerProject, ...]
    ids: Mapping[str, int]
    before: Mapping[int, Mapping[str, FactInForce]]
    plans_before: Mapping[int, PlanInForce]

    @property
    def versions(self) -> int:
        """How many versions of facts would be added."""
        return sum(len(changed) for changed in self.facts.values())

    def __bool__(self) -> bool:
        return bool(self.new or self.versions or self.plans)


def ledger_changes(rows: Sequence[LedgerProject], *, day: date, year: int) -> LedgerChanges:
    """Hold a ledger against what is in force on `day` and the plan of `year`. Four queries.

    Raises ValidationError (Chinese) for two rows of one code, or a code that cannot be one.
    """
    _refuse_duplicates(rows)
    ids = ids_by_code([row.code for row in rows])
    before = facts_on(day, list(ids.values()))
    plans_before = plans_on(day, year, list(ids.values()))
    return LedgerChanges(
        new=tuple(row for row in rows if row.code not in ids),
        facts={row.code: _changed(stored(row), before.get(ids.get(row.code, 0), {})) for row in rows},
        plans=tuple(row for row in rows if _plan_differs(row, plans_before.get(ids.get(row.code, 0)))),
        ids=ids,
        before=before,
        plans_before=plans_before,
    )


def _refuse_duplicates(projects: Iterable[LedgerProject]) -> None:
    seen: set[str] = set()
    for row in projects:
        if row.code in seen:
            raise ValidationError(_("项目代码%s出现两次，请先在台账里改正。") % row.code)
        if not row.code or len(row.code) > 120:
            raise ValidationError(_("项目代码应为1到120个字符，现为“%s”。") % row.code[:20])
        seen.add(row.code)


def _changed(stated: Mapping[str, str], before: Mapping[str, FactInForce]) -> dict[str, str]:
    """The fields whose value differs from that in force; one no longer stated becomes `null`."""
    changed = {
        field: value
        for field, value in stated.items()
        if field not in before or json.loads(value) != before[field].value
    }
    return changed | {field: "null" for field in before if field not in stated}


def _plan_differs(row: LedgerProject, before: PlanInForce | None) -> bool:
    if before is None:
        return row.planned is not None or any(value is not None for value in row.planned_cumulative)
    return (row.planned, tuple(row.planned_cumulative)) != (before.amount, before.cumulative)
