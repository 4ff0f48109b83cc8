"""Lights and rankings as a scheme writes them: measures, bands, what raises a level, what changes on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field

from guatu.supervision.bands import Band
from guatu.values import Period
from guatu.written import Number, Part, as_fraction


class LightBand(Part):
    """[[light.band]]: from which value to which a light has a level."""

    level: str
    low: Number | None = Field(default=None, alias="from")
    low_included: bool = Field(default=True, alias="from_included")
    high: Number | None = Field(default=None, alias="to")
    high_included: bool = Field(default=False, alias="to_included")
    local_choice: str | None = None

    def band(self) -> Band:
        return Band(
            self.level, as_fraction(self.low), self.low_included, as_fraction(self.high), self.high_included,
            self.local_choice,
        )  # fmt: skip


class Escalation(Part):
    """[[light.escalate]]: a level that stands for the `times`-th time becomes a graver one.

    `running`: the terms must follow each other (default); else they are counted over the year.
    """

    level: str
    times: int = Field(ge=2)
    running: bool = True
    becomes: str
    clause: str | None = None


class LightChange(Part):
    """[[light.change]]: the bands, the measure or both from the month on that holds the day `from`.

    How often a level stood, in a row or in the year, is counted on across the change.
    """

    valid_from: date = Field(alias="from")
    measure: str | None = None
    band: tuple[LightBand, ...] = ()
    clause: str
    local_choice: str | None = None


@dataclass(frozen=True, slots=True)
class LightVersion:
    """A light as it stands from a month on: `first` is the month (months since year 0), `key` where it is written
    within the light (empty: in the light itself)."""

    first: int
    measure: str
    bands: tuple[Band, ...]
    clause: str
    key: str = ""


class Light(Part):
    """[[light]]: a measure of projects, counties or departments, and the bands that colour it.

    The bands look at the measure before it is rounded to `decimals`, with which it is printed.
    """

    id: str
    name: str
    entity: Literal["project", "county", "lead_department", "city"] = "project"
    clause: str
    applies: str | None = None
    measure: str
    unit: Literal["percentage_points", "percent", "ratio", "count", "number"]
    decimals: int = 1
    band: tuple[LightBand, ...]
    escalate: tuple[Escalation, ...] = ()
    change: tuple[LightChange, ...] = ()
    local_choice: str | None = None

    def versions(self) -> list[LightVersion]:
        """The light's versions in the order in which they begin; the first one is in force from the start."""
        found = [LightVersion(0, self.measure, tuple(band.band() for band in self.band), self.clause)]
        numbered = sorted(enumerate(self.change), key=lambda pair: pair[1].valid_from)
        for number, change in numbered:
            last = found[-1]
            found.append(
                LightVersion(
                    Period.of(change.valid_from).index,
                    change.measure or last.measure,
                    tuple(band.band() for band in change.band) or last.bands,
                    change.clause,
                    f"change[{number}]",
                )
            )
        return found

    def version_in(self, month: int) -> LightVersion:
        """The version in force in a month (months since year 0)."""
        return [version for version in self.versions() if version.first <= month][-1]

    @property
    def every_band(self) -> tuple[LightBand, ...]:
        """The bands of all versions."""
        return (*self.band, *(band for change in self.change for band in change.band))


class CombinedLight(Part):
    """[[combined_light]]: several lights of one kind of entity as one: the worst of them, or by how many stand
    at a level or graver. The first `count` that holds decides; else the worst.
    """

    id: str
    name: str
    of: tuple[str, ...]
    how: Literal["worst", "count"] = "worst"
    count: tuple[LightCount, ...] = ()
    clause: str


class LightCount(Part):
    level: str
    at_least: int
    becomes: str


class Ranking(Part):
    """[[ranking]]: entities of one kind ordered by a measure."""

    id: str
    name: str
    entity: Literal["county", "lead_department"]
    clause: str
    applies: str | None = None
    value: str
    unit: Literal["percent", "ratio", "count", "number"]
    decimals: int = 2
    order: Literal["descending", "ascending"] = "descending"
    ties: Literal["share_and_skip"] = "share_and_skip"
    exclude: tuple[str, ...] = ()
    local_choice: str | None = None


CombinedLight.model_rebuild()
