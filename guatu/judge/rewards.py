"""Rewards over judged terms: who would earn what, and why. A person decides."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from guatu.assessment.rewards import Award, Candidate, Reward, awards
from guatu.assessment.terms import MONTHS, Term
from guatu.judge.assess import Assessed, Assessor
from guatu.judge.ladder import flag_table, order_at
from guatu.language import gettext as _
from guatu.schemes.formula_words import formula_words

Json = dict[str, Any]
EntriesOf = Callable[[Assessed, int], list[Json]]
"""The entries of a sheet in a term, by its order."""


def add_rewards(assessor: Assessor, results: list[Assessed], term: Term, entries: list[Json], entries_of: EntriesOf) -> None:  # fmt: skip
    """Add the rewards that the scheme proposes to the entries of those who earn them."""
    for reward in assessor.scheme.text.reward:
        result = next((r for r in results if r.sheet.id == reward.sheet and r.kind == reward.term), None)
        order = order_at(term, reward.term)
        if result is None or order is None:
            continue
        mine = {
            e["entity"]: e for e in entries if (e["sheet"], e["term_kind"]) == (reward.sheet, reward.term)
        }
        for award in _Judging(assessor, results, reward, result, entries_of).of_term(
            order, list(mine.values())
        ):
            mine[award.entity]["rewards"].append(_entry(assessor, reward, award))


def _entry(assessor: Assessor, reward: Reward, award: Award) -> Json:
    amount = int(award.amount) if award.amount.denominator == 1 else float(award.amount)
    return {
        "reward": reward.id, "name": reward.name, "amount": amount, "unit": reward.unit, "because": award.because,
        "actor": reward.actor, "clause": assessor.scheme.cite(reward.clause), "local_choice": reward.local_choice,
    }  # fmt: skip


class _Judging:
    """One reward over the terms of a year."""

    def __init__(
        self,
        assessor: Assessor,
        results: list[Assessed],
        reward: Reward,
        result: Assessed,
        entries_of: EntriesOf,
    ) -> None:
        self.reward, self.result, self.entries_of = reward, result, entries_of
        sheet = result.sheet
        conditions = {"met": reward.when, "exempted": reward.exempt}
        table = flag_table(assessor, results, sheet.entity, reward.term, sheet.id, conditions)
        self.rows = {(row["entity"], row["order"]): row for row in table.rows(named=True)}
        scope = assessor.scheme.scopes.steps_of(sheet.entity, sheet)
        self.condition = formula_words(assessor.scheme, reward.when, scope) if reward.when else ""

    def of_term(self, order: int, entries: list[Json]) -> list[Award]:
        """Who earns the reward in a term, with the condition that was met."""
        had: set[str] = set()
        if self.reward.once_per_year:
            in_year = 12 // MONTHS[self.reward.term]
            for earlier in range(order // in_year * in_year, order):
                found = self._awards(earlier, self.entries_of(self.result, earlier), had)
                had |= {self._person(award.entity, earlier) for award in found}
        said = _("；条件：{condition}").format(condition=self.condition) if self.condition else ""
        return [
            Award(one.entity, one.amount, one.because + said) for one in self._awards(order, entries, had)
        ]

    def _awards(self, order: int, entries: list[Json], had: set[str]) -> list[Award]:
        reward = self.reward
        candidates = [
            Candidate(
                entry["entity"], entry["series"], entry["rank"], entry["grade"],
                None if entry["score"] is None else Fraction(str(entry["score"])),
                self._meets(entry, order) and self._person(entry["entity"], order) not in had,
            )
            for entry in entries
            if not reward.series or entry["series"] in reward.series
        ]  # fmt: skip
        return awards(reward, candidates)

    def _meets(self, entry: Json, order: int) -> bool:
        row = self.rows.get((entry["entity"], order), {})
        listed = self.reward.list_ is None or self.reward.list_ in entry["lists"]
        return bool(
            listed and not entry["barred"] and not row.get("exempted")
            and (self.reward.when is None or row.get("met"))
        )  # fmt: skip

    def _person(self, entity: str, order: int) -> str:
        """Who counts as having earned it before: the person named, else the entity itself."""
        if self.reward.once_by is None:
            return entity
        return self.rows.get((entity, order), {}).get(self.reward.once_by) or entity
