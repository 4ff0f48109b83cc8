"""The figures that a document prints itself, as a scheme repeats them: tables, quarters, shares."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from guatu.written import Number, Part


class PublishedRow(Part):
    """One row of a published table: a class, how many projects, 亿元 in all, 亿元 planned."""

    class_: str = Field(alias="class")
    projects: int | None = None
    total: Number | None = None
    planned: Number | None = None
    by_difference: bool = False


class PublishedTable(Part):
    """[[published.table]]: a table of figures the document prints, held against its own total."""

    id: str
    cut: Literal["progress", "category", "size", "county", "level", "preliminary_category"] | None = None
    clause: str
    decimals: int = 1
    row: tuple[PublishedRow, ...]
    sum: PublishedRow | None = None


class PublishedQuarters(Part):
    """[published.quarters]: the year's targets by quarter, 亿元 and projects, as printed."""

    clause: str
    decimals: int = 1
    planned: tuple[Number, ...] = ()
    planned_sum: Number | None = None
    cumulative_percent: tuple[Number, ...] = ()
    starts: tuple[int, ...] = ()
    starts_sum: int | None = None
    starts_cumulative_percent: tuple[Number, ...] = ()
    completions: int | None = None


class PublishedShare(Part):
    """[[published.share]]: a percentage that the document prints, held against its part and its whole.

    `decimals`: how many it is printed with. One that is only cut off, not rounded, is told from a contradiction.
    """

    id: str
    name: str
    part: Number
    whole: Number = Field(gt=0)
    percent: Number
    decimals: int = Field(default=1, ge=0)
    clause: str


class Published(Part):
    """[published]: the figures the document itself prints, in 亿元."""

    projects: int | None = None
    building: PublishedRow | None = None
    preliminary: PublishedRow | None = None
    clause: str
    table: tuple[PublishedTable, ...] = ()
    share: tuple[PublishedShare, ...] = ()
    quarters: PublishedQuarters | None = None
