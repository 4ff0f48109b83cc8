"""What a part of a roll-up leaves open or contradicts."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.assessment.sheet import RollUpPart
from guatu.assessment.terms import MONTHS
from guatu.language import gettext as _


def faults_of_part(part: RollUpPart) -> Iterator[tuple[str, str]]:
    """The key of each fault within the part, and what is wrong."""
    in_year = 12 // MONTHS[part.kind]
    for number in part.only:
        if not 1 <= number <= in_year:
            yield "only", _("应在 1 至 {most} 之间").format(most=in_year)
    if part.weights:
        if len(part.weights) != in_year:
            yield "weights", _("一年有 {n} 期，每期写一个权重，不计的期写 0").format(n=in_year)
        elif min(part.weights) < 0 or not any(part.weights):
            yield "weights", _("权重不能小于 0，也不能都是 0")
        if part.only:
            yield "only", _("写了 weights 就不要写 only：不计的期权重写 0")
        if part.how != "mean":
            yield "how", _('各期有权重的，取加权平均：how = "mean"')
    counted = sum(1 for number in range(1, in_year + 1) if part.weight_of(number))
    for word, least in (("n", part.n), ("at_least", part.at_least)):
        if least is not None and counted and least > counted:
            yield word, _("只有 {n} 期计入，取不到 {least} 期").format(n=counted, least=least)
