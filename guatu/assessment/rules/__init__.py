"""The rule types: how the value of an indicator becomes points. One file per family, one line each here.

To add one: a class in a file beside this, and its name in RULES.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from guatu.assessment.rules.bands import Bands
from guatu.assessment.rules.brackets import Brackets
from guatu.assessment.rules.efficacy import Efficacy, ShareOfBest
from guatu.assessment.rules.linear import Linear
from guatu.assessment.rules.places import Places
from guatu.assessment.rules.proportional import Proportional
from guatu.assessment.rules.rule import Company, Rule, Table
from guatu.assessment.rules.thresholds import AllOrNothing, Direct, Mark

RULES = (Proportional, Linear, Brackets, Bands, Places, Efficacy, ShareOfBest, AllOrNothing, Direct, Mark)
"""Every rule type, in the order of the reference page."""

AnyRule = Annotated[
    Proportional | Linear | Brackets | Bands | Places | Efficacy | ShareOfBest | AllOrNothing | Direct | Mark,
    Field(discriminator="type"),
]
"""What `rule = { type = "…" }` of an item may be."""

__all__ = ["RULES", "AnyRule", "Company", "Rule", "Table"]
