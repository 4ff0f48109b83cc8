"""What is about to be handed in, laid beside what stands: what it adds, what it changes, what is refused and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction

from django.utils.translation import gettext as _

from guatu.assessment.ballots import Vote, fault_of_ballot
from guatu.assessment.given import FactRow
from guatu.assessment.sheet import Entity
from guatu.assessment.terms import Term
from guatu.judge.asked import Asked, asked_facts
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import may_give
from guatu.server.given.models import GivenFact
from guatu.server.given.queries import OPEN, entities, latest_of, other_names, stored, versions
from guatu.workbooks.facts_cells import inside, limits


@dataclass(frozen=True, slots=True)
class Line:
    """A fact that is handed in, with the version that stands (None: nothing yet); `note` says why not, or what else."""

    row: FactRow
    asked: Asked | None
    before: GivenFact | None = None
    note: str = ""

    @property
    def name(self) -> str:
        return self.asked.fact.name if self.asked else self.row.fact


@dataclass(frozen=True, slots=True)
class Incoming:
    """Facts laid beside what stands; `marks` wait for a second person once they are handed in."""

    added: tuple[Line, ...] = ()
    changed: tuple[Line, ...] = ()
    marks: tuple[Line, ...] = ()
    same: tuple[Line, ...] = ()
    refused: tuple[Line, ...] = ()

    @property
    def taken(self) -> int:
        return len(self.added) + len(self.changed) + len(self.marks)


def incoming(rows: Sequence[FactRow], scheme: Scheme, actor: Account | None) -> Incoming:
    """Lay rows beside what stands. A row that may not be taken refuses only itself."""
    asked = asked_facts(scheme)
    names = Names(scheme)
    kept = [_named(row, asked, names) for row in rows]
    standing = latest_of(versions({row.fact for row in kept}, {str(row.term) for row in kept}))
    found: dict[str, list[Line]] = {part: [] for part in ("added", "changed", "marks", "same", "refused")}
    for row in kept:
        of = asked.get(row.fact)
        before = standing.get((row.fact, str(row.term), row.entity))
        fault = fault_of(row, of, names, actor)
        if fault:
            part = "refused"
        elif before is not None and (before.value, before.checked) == (
            stored(row.value),
            stored(row.checked),
        ):
            part = "same"
        elif of is not None and of.marked:
            part = "marks"
        else:
            part = "changed" if before is not None and before.value else "added"
        found[part].append(Line(row, of, before, fault))
    return Incoming(**{part: tuple(lines) for part, lines in found.items()})


class Names:
    """The things that facts may be about, read once for each kind."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self._known: dict[str, Mapping[str, str]] = {}
        self._others: dict[str, Mapping[str, str]] = {}

    def known(self, kind: Entity) -> Mapping[str, str]:
        if kind not in self._known:
            self._known[kind] = entities(kind, self.scheme)
        return self._known[kind]

    def settled(self, kind: Entity, name: str) -> str:
        """The name as the rules know it."""
        if name in self.known(kind):
            return name
        if kind not in self._others:
            self._others[kind] = other_names(kind)
        return self._others[kind].get(name, name)

    def fault(self, kind: Entity, name: str) -> str:
        """Why a thing is not known; empty where it is, or where anybody may be named."""
        if kind in OPEN or name in self.known(kind):
            return ""
        near = get_close_matches(name, self.known(kind), n=1)
        if near:
            return _("没有“%(name)s”这个考核对象；最接近的是 %(near)s") % {"name": name, "near": near[0]}
        return _("没有“%(name)s”这个考核对象") % {"name": name}


def _named(row: FactRow, asked: Mapping[str, Asked], names: Names) -> FactRow:
    of = asked.get(row.fact)
    return replace(row, entity=names.settled(of.fact.entity, row.entity)) if of else row  # type: ignore[arg-type]


def fault_of(row: FactRow, asked: Asked | None, names: Names, actor: Account | None) -> str:
    """Why a fact may not be handed in; empty where it may."""
    if asked is None:
        return _("方案没有要求报“%(fact)s”") % {"fact": row.fact}
    if not may_give(actor, asked.supplier):
        return _("“%(fact)s”由%(supplier)s提供，您不能代报") % {
            "fact": asked.fact.name, "supplier": asked.supplier or _("重点办")}  # fmt: skip
    if row.term.kind not in asked.kinds:
        wanted = "、".join(Term(kind, row.term.year, 1).label for kind in asked.kinds)
        return _("“%(fact)s”不按这种期别报，应写成像%(wanted)s这样的期别") % {
            "fact": asked.fact.name, "wanted": wanted}  # fmt: skip
    if asked.needs_reason and not row.reason.strip():
        return _("“%(fact)s”要写明理由") % {"fact": asked.fact.name}
    if any(
        not inside(value, asked.fact) for value in (row.value, row.checked) if isinstance(value, Fraction)
    ):
        return _("“%(fact)s”要在允许的范围内：%(limits)s") % {
            "fact": asked.fact.name, "limits": limits(asked.fact)}  # fmt: skip
    return names.fault(asked.fact.entity, row.entity)  # type: ignore[arg-type]


def ballot_fault(scheme: Scheme, votes: Sequence[Vote], candidates: Iterable[str]) -> str:
    """Why one voter's ballot is not valid among all who stand for votes; empty where it is."""
    rule = next((rule for rule in scheme.text.ballot if rule.id == votes[0].ballot), None)
    if rule is None:
        return _("方案没有“%(ballot)s”这项测评") % {"ballot": votes[0].ballot}
    return fault_of_ballot(rule, votes[0].voter, votes, set(candidates))
