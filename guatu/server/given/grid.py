"""A grid to type facts in: all things of one fact, or all facts of one thing; what was typed, read cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.judge.asked import Asked
from guatu.server.given.models import GivenFact
from guatu.server.given.queries import latest_of, read_back, versions
from guatu.server.given.values import said, typed, unit_word, written

MOST_ROWS = 400
"""A longer grid is cut; more is handed in by a file."""


@dataclass(slots=True)
class GridRow:
    """One fact of one thing in one term: what stands, what was typed, what is wrong with it.

    `waiting` says which mark waits for its second person; nothing is typed beside it.
    """

    asked: Asked
    term: Term
    entity: str
    label: str
    stands: GivenFact | None = None
    waiting: str = ""
    value: str = ""
    checked: str = ""
    reason: str = ""
    fault: str = ""
    position: int = 0

    @property
    def key(self) -> str:
        """What names the row's fields; unique on the page."""
        return f"{self.asked.fact.id}|{self.term}|{self.entity}"

    @property
    def unit(self) -> str:
        return unit_word(self.asked.fact)

    @property
    def said(self) -> str:
        """The value that stands, with its unit."""
        return said(read_back(self.stands.value), self.asked.fact) if self.stands else "–"

    @property
    def said_checked(self) -> str:
        """What a spot check found; empty where there was none."""
        value = read_back(self.stands.checked) if self.stands else None
        return "" if value is None else said(value, self.asked.fact)


def grid_rows(
    cells: Iterable[tuple[Asked, Term, str, str]], waiting: Mapping[str, str], *, prefilled: bool = True
) -> list[GridRow]:
    """A row for each fact, term, thing and its label, with what stands. One query.

    `waiting` maps `fact term thing` to the mark that waits. `prefilled`: the fields show what stands.
    """
    wanted = list(cells)[:MOST_ROWS]
    known = latest_of(
        versions({asked.fact.id for asked, *_rest in wanted}, {str(term) for _a, term, *_rest in wanted})
    )
    rows = []
    for position, (asked, term, entity, label) in enumerate(wanted, 1):
        stands = known.get((asked.fact.id, str(term), entity))
        row = GridRow(
            asked,
            term,
            entity,
            label,
            stands,
            waiting.get(f"{asked.fact.id} {term} {entity}", ""),
            position=position,
        )
        if prefilled and stands and not asked.needs_reason:
            row.value = written(read_back(stands.value), asked.fact)
            row.checked = written(read_back(stands.checked), asked.fact)
        rows.append(row)
    return rows


def read_grid(rows: Iterable[GridRow], typed_in: Mapping[str, str], source: str) -> list[FactRow]:
    """The facts that were typed and differ from what stands. What is wrong stands in the rows (`fault`)."""
    found = []
    for row in rows:
        if row.waiting:
            continue
        before = (row.value, row.checked)
        row.value = typed_in.get(f"value|{row.key}", "").strip()
        row.checked = typed_in.get(f"checked|{row.key}", "").strip()
        row.reason = typed_in.get(f"reason|{row.key}", "").strip()
        if (row.value, row.checked) == before and not row.reason:
            continue
        fact = _read(row)
        if fact is not None:
            found.append(replace(fact, source=source))
    return found


def _read(row: GridRow) -> FactRow | None:
    value, wrong = typed(row.value, row.asked.fact)
    checked, wrong_check = typed(row.checked, row.asked.fact)
    if wrong or wrong_check:
        row.fault = wrong or wrong_check
    elif value is None and row.stands and row.stands.value and not row.asked.needs_reason:
        row.fault = _("报过的数不能清空；要撤回，请点“版本”，写明理由后撤回")
    elif value is None and (row.reason or row.checked):
        row.fault = _("没有填数")
    elif value is not None and row.asked.needs_reason and not row.reason:
        row.fault = _("请写明理由")
    elif value is not None:
        return FactRow(row.entity, row.term, row.asked.fact.id, value, checked, reason=row.reason)
    return None
