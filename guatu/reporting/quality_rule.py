"""What a scheme says of the quality of data (数据质量): what costs points, and the grades."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from guatu.written import Number, Part

Fault = Literal["silent", "late", "returned", "corrected", "unanswered", "explained", "reused", "last_day"]


class QualityPart(Part):
    """[[data_quality.part]]: a kind of fault, and the points that are lost where every report has it.

    `fault`: silent, late, returned by whoever checks, corrected after acceptance, with a question that nobody
    answered, with one that was explained, with a text or photograph used again, or handed in on the very last day.
    Of all reports that were due (silent), or of those handed in. A share up to `free` per cent costs nothing.
    """

    fault: Fault
    less: Number = Field(gt=0, le=100)
    free: Number = Field(default=Decimal(0), ge=0, lt=100)
    clause: str | None = None
    local_choice: str | None = None


class QualityGrade(Part):
    """[[data_quality.grade]]: a grade, and the points from which on it is given."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    low: Number = Field(ge=0, le=100)
    clause: str | None = None
    local_choice: str | None = None


class DataQuality(Part):
    """[data_quality]: the quality of what a unit reports, from 100 points down; where it is missing none is told.

    Fewer than `least_reports` reports due give no grade. `fact` names a declared fact that the points fill, so that a
    sheet may score them: of a unit, a lead department or a county, for each month of the year so far.
    """

    part: tuple[QualityPart, ...]
    grade: tuple[QualityGrade, ...]
    least_reports: int = Field(default=3, ge=1)
    decimals: int = Field(default=1, ge=0, le=4)
    fact: str | None = None
    clause: str | None = None
    local_choice: str | None = None
