"""What a scheme says of the form of its reports: the standard fields it uses, and the fields of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from guatu.reporting.attached.rule import AttachmentRule
from guatu.reporting.form import MONTHLY, USUAL, FieldKind, FormField, ReportForm, standard_fields
from guatu.written import Part


class ReportField(Part):
    """[[report_field]]: a field of the report that is the scheme's own. It needs no other place to be known.

    `kind` says how it is typed: money 万元, percent 0–100, count, text, flag, date, or choice among `choices`.
    `carried`: last month's value stands there to begin with. `figure` tells figures of dispatch from those of
    statistics. `long`: a text of several lines. `before`: it stands before that field; else at the end. `asked_in` names the reports that ask for it:
    the month's (report) and others by their id.
    """

    id: str
    name: str
    kind: FieldKind
    unit: str = ""
    required: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    carried: bool = False
    figure: Literal["dispatch", "statistics"] | None = None
    before: str | None = None
    long: bool = False
    asked_in: tuple[str, ...] = (MONTHLY,)
    clause: str | None = None
    local_choice: str | None = None

    def field(self) -> FormField:
        """The field as the form has it."""
        return FormField(
            id=self.id, name=self.name, kind=self.kind, unit=self.unit, required=self.required, help=self.help,
            clause=self.clause or "", choices=self.choices, carried=self.carried, figure=self.figure,
            long=self.long,
        )  # fmt: skip


class FormRule(Part):
    """[form]: the form of the monthly report. `standard` names the standard fields it asks for, in order.

    `required` names further standard fields that must be filled in. After the day `expires` nothing is asked any
    more; a form without such a day runs with its scheme.
    """

    standard: tuple[str, ...] = USUAL
    required: tuple[str, ...] = ()
    expires: date | None = None
    attachments: AttachmentRule = AttachmentRule()
    clause: str | None = None
    local_choice: str | None = None


def form_of(rule: FormRule, own: Sequence[ReportField], times: int = 12) -> ReportForm:
    """The month's form: what the rule and the scheme's own fields make, asked for `times` a year."""
    fields = fields_of(rule.standard, rule.required, own, MONTHLY)
    return ReportForm(fields, times, rule.expires)


def fields_of(
    standard: Sequence[str], required: Sequence[str], own: Sequence[ReportField], kind: str
) -> tuple[FormField, ...]:
    """The fields that a report of `kind` asks for: standard ones in order, and those of `own` that are asked in it.

    Only the month's report adds its cumulative figure up; in any other it is typed.
    """
    fields = []
    for one in standard_fields(standard):
        typed = replace(one, computed=False, help="") if one.computed and kind != MONTHLY else one
        fields.append(replace(typed, required=True) if one.id in required and not typed.computed else typed)
    for extra in own:
        if kind in extra.asked_in:
            places = [place for place, one in enumerate(fields) if one.id == extra.before]
            fields.insert(places[0] if places else len(fields), extra.field())
    return tuple(fields)
