"""Judged months under a trial: what was known is read once and kept in memory, nothing is written anywhere."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from guatu.judge.compare import Change, compare_months
from guatu.judge.inputs import Inputs
from guatu.judge.month import Judged
from guatu.judge.trial import inputs_under, narrowed, touched
from guatu.language import language
from guatu.schemes.load import Scheme
from guatu.schemes.trial import Trial
from guatu.server.assessment.models import JudgedMonth
from guatu.server.assessment.queries import DEFERRED, inputs_of

Kept = TypeVar("Kept")
MOST = 400_000
"""How many projects and reports the memory of one worker holds for the laboratory."""


class _Shelf(Generic[Kept]):
    """What was worked out lately; the longest unused goes when more than `most` rows are kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[Kept, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, work: Callable[[], Kept], weight: Callable[[Kept], int]) -> Kept:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        found = work()
        with self._lock:
            self._kept[key] = (found, weight(found))
            while len(self._kept) > 1 and sum(size for _one, size in self._kept.values()) > self._most:
                self._kept.popitem(last=False)
        return found


_INPUTS: _Shelf[Inputs] = _Shelf(MOST)
_BEFORE: _Shelf[Judged] = _Shelf(MOST)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many stand at each level of one light: (level, its name, before, after)."""

    name: str
    levels: tuple[tuple[str, str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial would change: the months looked at, every change, and the lights of the last month counted."""

    periods: tuple[str, ...]
    changes: tuple[Change, ...]
    tallies: tuple[Tally, ...]


def judged_of_year(judged: JudgedMonth) -> list[JudgedMonth]:
    """The judgement that counts of every judged month of the same year, in their order. One query."""
    rows = JudgedMonth.objects.filter(period__startswith=judged.period[:5]).defer(*DEFERRED)
    latest = {row.period: row for row in rows.order_by("period", "id")}
    return list(latest.values())


def outcome(months: Sequence[JudgedMonth], scheme: Scheme, trial: Trial) -> Outcome:
    """The months by the scheme in force and by the trial's, on the same facts. Only rules that the change reaches
    are judged. The trial must be usable."""
    assert trial.scheme is not None
    rules = touched(trial.differences)
    old, new = narrowed(scheme, rules), narrowed(trial.scheme, rules)
    changes: list[Change] = []
    before = after = None
    for judged in months:
        identity = (judged.pk, judged.created, judged.facts_digest, scheme.digest)
        inputs = _INPUTS.get(identity, lambda judged=judged: inputs_of(judged, scheme), _rows)  # type: ignore[misc]
        before = _BEFORE.get(
            (identity, rules, language()),
            lambda inputs=inputs: inputs.judge(old),  # type: ignore[misc]
            lambda _judged, inputs=inputs: _rows(inputs),  # type: ignore[misc]
        )
        after = inputs_under(inputs, scheme, trial.scheme).judge(new)
        changes += compare_months(before, after, trial.differences)
    tallies = tuple(_tallies(before, after, scheme)) if before and after else ()
    return Outcome(tuple(judged.period for judged in months), tuple(changes), tallies)


def _rows(inputs: Inputs) -> int:
    return len(inputs.projects) + len(inputs.reports)


def _tallies(before: Judged, after: Judged, scheme: Scheme) -> list[Tally]:
    """The lights whose counts change, level by level, the gravest first."""
    found = []
    for light in after.scheme.text.light:
        counts = [
            Counter(
                row["level"]
                for row in (*judged.month.lights, *judged.month.entity_lights)
                if row["light"] == light.id
            )
            for judged in (before, after)
        ]
        if counts[0] == counts[1]:
            continue
        levels = sorted(scheme.levels.values(), key=lambda level: -level.gravity)
        found.append(
            Tally(
                light.name,
                tuple(
                    (level.id, level.name, counts[0][level.id], counts[1][level.id])
                    for level in levels
                    if counts[0][level.id] or counts[1][level.id]
                ),
            )
        )
    return found
