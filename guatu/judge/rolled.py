"""The score of a longer term from the scores of its parts, in exact fractions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import polars as pl

from guatu.assessment.sheet import RollUp, RollUpPart, Sheet
from guatu.assessment.terms import MONTHS, Kind
from guatu.values import half_up

Scores = Mapping[tuple[str, int], Fraction]
"""Entity and order of a term → its score. Who has none is not among them."""


def rounded_scores(sheet: Sheet, table: pl.DataFrame) -> dict[tuple[str, int], Fraction]:
    """The scores of a scored table as they are published."""
    scored = table.filter(pl.col("steps").is_not_null()).select("entity", "order", "steps")
    return {(who, order): Fraction(steps, 10**sheet.decimals) for who, order, steps in scored.iter_rows()}


def rolled(
    sheet: Sheet, roll_up: RollUp, by_kind: Mapping[Kind, pl.DataFrame], scores: Mapping[Kind, Scores]
) -> tuple[pl.DataFrame, dict[tuple[str, int], Fraction]]:
    """The table of the longer term: `part:N` of each part, `score`, `steps`; and the exact scores behind it.

    `by_kind` holds the scored tables of the sheet, `scores` their scores as the roll-up takes them.
    """
    exact: dict[tuple[str, int], Fraction] = {}
    rows = []
    alone = {
        part.kind
        for part in roll_up.part
        if not any(not item.terms or part.kind in item.terms for item in sheet.item)
    }
    for who, order in sorted(_longer_terms(roll_up, scores)):
        parts = [
            _part(roll_up, part, who, order, scores.get(part.kind, {}), events_alone=part.kind in alone)
            for part in roll_up.part
        ]
        total = _joined(roll_up, parts)
        if total is not None:
            exact[who, order] = total
        steps = None if total is None else int(half_up(total, sheet.decimals).scaleb(sheet.decimals))
        rows.append((who, order, *map(_float, parts), _float(total), steps))
    names = [f"part:{number}" for number in range(len(roll_up.part))]
    schema = {"entity": pl.String, "order": pl.Int64} | dict.fromkeys([*names, "score"], pl.Float64)
    whole = pl.DataFrame(rows, schema=schema | {"steps": pl.Int64}, orient="row")
    base = by_kind.get(roll_up.to)
    if base is not None:
        whole = base.drop("score", "steps").join(whole, on=["entity", "order"], how="full", coalesce=True)
    else:
        first = next(iter(by_kind.values()))
        series = first.sort("order").select("entity", "series", "barred").unique("entity", keep="last")
        whole = whole.join(series, on="entity", how="left")
    return whole.with_columns(year=pl.col("order") // (12 // MONTHS[roll_up.to])), exact


def _longer_terms(roll_up: RollUp, scores: Mapping[Kind, Scores]) -> set[tuple[str, int]]:
    return {
        (who, order // (MONTHS[roll_up.to] // MONTHS[part.kind]))
        for part in roll_up.part
        for who, order in scores.get(part.kind, {})
    }


def _part(
    roll_up: RollUp, part: RollUpPart, who: str, order: int, scores: Scores, *, events_alone: bool
) -> Fraction | None:
    """What one part is worth: the scores of its terms joined. Who had no event has earned nothing, and is not without
    a score."""
    many, in_year = MONTHS[roll_up.to] // MONTHS[part.kind], 12 // MONTHS[part.kind]
    terms = range(order * many, (order + 1) * many)
    weighed = {term: Fraction(weight) for term in terms if (weight := part.weight_of(term % in_year + 1))}
    known = {term: score for term in weighed if (score := scores.get((who, term))) is not None}
    if part.at_least is not None and len(known) < part.at_least:
        return None
    if part.missing == "zero":
        known = {term: known.get(term, Fraction(0)) for term in weighed}
    elif part.missing == "none" and len(known) < len(weighed) and not events_alone:
        return None
    if not known:
        return Fraction(0) if events_alone else None
    in_turn = list(known.values())
    if part.how == "last":
        return in_turn[-1]
    if part.how == "sum":
        return sum(in_turn, Fraction(0))
    if part.how == "best":
        best = sorted(in_turn, reverse=True)[: part.n or 1]
        return sum(best, Fraction(0)) / len(best)
    weights = sum((weighed[term] for term in known), Fraction(0))
    return sum((score * weighed[term] for term, score in known.items()), Fraction(0)) / weights


def _joined(roll_up: RollUp, parts: Sequence[Fraction | None]) -> Fraction | None:
    """The parts by their weights; what a missing one does is the scheme's to say."""
    present = list(_weighed(roll_up, parts))
    earned = sum((weight * score for weight, score in present), Fraction(0))
    if len(present) == len(parts) or roll_up.missing == "zero":
        return earned
    weights = sum((weight for weight, _score in present), Fraction(0))
    if roll_up.missing == "none" or weights == 0:
        return None
    return earned * sum((Fraction(part.weight) for part in roll_up.part), Fraction(0)) / weights


def _weighed(roll_up: RollUp, parts: Sequence[Fraction | None]) -> Iterator[tuple[Fraction, Fraction]]:
    for part, score in zip(roll_up.part, parts, strict=True):
        if score is not None:
            yield Fraction(part.weight), score


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
