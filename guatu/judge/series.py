"""Who stands in no series of a sheet, or fits several: findings, since both change who is ranked with whom."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw
import polars as pl

from guatu.assessment.sheet import Sheet
from guatu.assessment.standings import leaves_out, within_series
from guatu.assessment.terms import Kind, Term
from guatu.finding_kinds import finding
from guatu.findings import Finding
from guatu.judge.assess import Assessor
from guatu.judge.ladder import order_at
from guatu.language import gettext as _
from guatu.portfolio.formula import with_inner_windows


def series_findings(assessor: Assessor, term: Term) -> list[Finding]:
    """A finding for everybody whom a sheet with series does not rank because no series fits, and for everybody
    who fits several, in every term that ends with `term`."""
    found: list[Finding] = []
    for sheet in assessor.scheme.text.sheet:
        if not sheet.series or not sheet.ranked:
            continue
        for kind in sheet.terms:
            order = order_at(term, kind)
            if order is not None:
                found += _of_sheet(assessor, sheet, kind, order, str(term))
    return found


def _of_sheet(assessor: Assessor, sheet: Sheet, kind: Kind, order: int, month: str) -> Iterator[Finding]:
    formula = assessor.sheet_formula(sheet)
    conditions = [formula(one.where) for one in sheet.series if one.where is not None]
    frame = with_inner_windows(nw.from_native(assessor.ready_table(sheet, kind).lazy()), conditions)
    fits = {f"in:{one.id}": within_series(one, formula) for one in sheet.series}
    rows: pl.DataFrame = frame.with_columns(**fits).filter(nw.col("order") == order).collect().to_native()
    term = Term.of_order(kind, order).label
    for row in rows.sort("entity").rows(named=True):
        mine = [one.name for one in sheet.series if row[f"in:{one.id}"]]
        said = {"sheet": sheet.name, "entity": row["entity"], "term": term}
        if not mine and leaves_out(sheet):
            yield finding(
                "entity_without_series",
                _("{term}“{sheet}”：{entity}不属于任何一组，不排名。").format(**said),
                file="", found=row["entity"], period=month,
            )  # fmt: skip
        if len(mine) > 1:
            yield finding(
                "entity_in_several_series",
                _("{term}“{sheet}”：{entity}同时符合{series}，按写在前面的“{first}”排名。").format(
                    **said, series="".join(f"“{name}”" for name in mine), first=mine[0]
                ),
                file="", found=row["entity"], period=month,
            )  # fmt: skip
