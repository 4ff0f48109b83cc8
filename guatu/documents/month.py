"""A judged month as the papers need it: four documents of the JSON contract, and the scheme's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from guatu.values import Period

Subject = Literal["bulletin", "state", "starts", "lights", "silent", "late", "questioned", "reminder"]
"""What a sentence of a paper speaks of; `PaperWords.bases` says which clause stands behind it."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The clause that a figure rests on. `local_choice`: the source leaves it open, the place chose."""

    clause: str
    local_choice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWords:
    """The words of a jurisdiction's papers, as its scheme states them, names filled in.

    `mark` is the red agency mark on top (发文机关标志), `agency` the signature below the text.
    `number_pattern` is the document number with `{year}` and `{number}`; `title_pattern` may use
    `{year}` and `{month}`. `praised_places` is how many places of a ranking are named for praise
    (all that tie for the last of them included); 0 means that the scheme praises nobody.
    """

    jurisdiction: str
    agency: str
    mark: str
    recipients: str = ""
    copies_to: str = ""
    number_pattern: str = "〔{year}〕{number}号"
    title_pattern: str = "关于{year}年{month}月项目推进情况的通报"
    praised_places: int = 3
    bases: Mapping[Subject, Basis] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JudgedMonth:
    """A judged month, in exactly the contract of docs/reference/json.md.

    `head` is the common head of the four files; `lights`, `rankings` and `findings` are the lists
    under the key of the same name. Money in them is in 万元. The papers take the facts
    `invested_ytd`, `planned_year` and `planned_ytd` from the inputs of a ranking and print "–" for
    one that is missing. A measure in percentage points says how far behind the schedule something is.
    """

    head: Mapping[str, Any]
    summary: Mapping[str, Any]
    lights: list[dict[str, Any]]
    rankings: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    papers: PaperWords
    entity_lights: list[dict[str, Any]] = field(default_factory=list)
    assessments: list[dict[str, Any]] = field(default_factory=list)

    @property
    def period(self) -> Period:
        return Period.parse(self.head["period"])

    @property
    def as_of(self) -> date:
        """The last day of what was known."""
        return date.fromisoformat(self.head["as_of"])

    @property
    def state(self) -> Mapping[str, Any]:
        """The figures of the opening sentence."""
        state: Mapping[str, Any] = self.summary["state"]
        return state

    @property
    def silent(self) -> list[dict[str, Any]]:
        """The projects with no report for the period."""
        return list(self.summary.get("silent", ()))

    @property
    def late(self) -> list[dict[str, Any]]:
        """The projects whose report came after the due day."""
        return list(self.summary.get("late", ()))

    @property
    def missed_starts(self) -> list[dict[str, Any]]:
        """The projects whose planned start has passed without a start: `project, name, county,
        planned_start`."""
        return list(self.summary.get("missed_starts", ()))

    @property
    def this_month(self) -> Mapping[str, Any]:
        """The entry of `months` for the judged period; empty when the summary has none."""
        for entry in self.summary.get("months", ()):
            if entry["period"] == self.head["period"]:
                return dict(entry)
        return {}

    def ranking_ids(self) -> list[str]:
        """The rankings of the month, in the order of the file."""
        return list(dict.fromkeys(str(entry["ranking"]) for entry in self.rankings))

    def ranking(self, ranking_id: str) -> list[dict[str, Any]]:
        """One ranking in the order of its places; entities without a place come last."""
        rows = [entry for entry in self.rankings if entry["ranking"] == ranking_id]
        return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0))

    def lit(self, *levels: str) -> list[dict[str, Any]]:
        """The lights at these levels, level after level; within one the largest measure first."""
        return [
            light
            for level in levels
            for light in sorted(
                (light for light in self.lights if light["level"] == level),
                key=lambda light: (-(light["measure"] or 0), light["project"]),
            )
        ]
