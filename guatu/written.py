"""What people write in TOML: strict, frozen tables, and numbers as the decimals they were typed as."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _exact(value: Any) -> Any:
    """Numbers of TOML as decimals: 0.1 is a tenth."""
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


Number = Annotated[Decimal, BeforeValidator(_exact)]
Size = Annotated[Number, Field(ge=0)]
"""How much at most, whichever way: written without a sign."""


class Part(BaseModel):
    """A table of a scheme file: strict, frozen, without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def as_fraction(value: Decimal | None) -> Fraction | None:
    """A written number as a fraction; None where nothing is written."""
    return None if value is None else Fraction(value)
