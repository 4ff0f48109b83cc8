"""A project as a ledger (台账) states it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from guatu.values import Period


class Stage(StrEnum):
    """Where a project stands (阶段)."""

    RESERVE = "reserve"
    PRELIMINARY = "preliminary"
    NEW = "new"
    CONTINUING = "continuing"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


BUILDING: frozenset[Stage] = frozenset({Stage.NEW, Stage.CONTINUING, Stage.COMPLETED})
"""The stages that are under construction in the year of the plan (在建)."""

STAGE_NAMES: Mapping[Stage, str] = {
    Stage.RESERVE: "储备",
    Stage.PRELIMINARY: "前期",
    Stage.NEW: "新开工",
    Stage.CONTINUING: "续建",
    Stage.COMPLETED: "竣工",
    Stage.WITHDRAWN: "调出",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row was read: file name, sheet name as written, row number as the sheet shows it."""

    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One project of the ledger. Money is in 分; a month is a whole month.

    `code` is the national code (投资项目统一代码), else the office's own number; never made up.
    `planned_cumulative` holds twelve cumulative plans (January to month i) or is empty when the
    ledger has no split; `planned` is the annual plan. None means that the ledger does not say.
    `columns` maps a field of this class to the column letter it was read from; `extra` keeps the
    columns that the field dictionary does not know, by their header.
    """

    code: str
    name: str
    county: str | None = None
    category: str | None = None
    stage: Stage | None = None
    level: str | None = None
    content: str | None = None
    total: int | None = None
    done_before: int | None = None
    planned: int | None = None
    planned_cumulative: tuple[int | None, ...] = ()
    planned_start: Period | None = None
    planned_finish: Period | None = None
    lead_department: str | None = None
    responsible_unit: str | None = None
    county_leader: str | None = None
    city_leader: str | None = None
    company: str | None = None
    phone: str | None = None
    longitude: str | None = None
    latitude: str | None = None
    coordinate_system: str | None = None
    year_goal: str | None = None
    approvals: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None
    source: Source | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
