"""The form of the reports under a scheme, and what is wrong with it as written."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from datetime import date

from guatu.calendars import due_days
from guatu.language import gettext as _
from guatu.reporting.form import MONTHLY, NAMES, ReportForm
from guatu.reporting.form_rule import ReportField, fields_of, form_of
from guatu.reporting.kinds import Kind
from guatu.schemes.model import SchemeText

TIMES_A_YEAR = {"monthly": 12}
"""How often a year a cadence asks for a report."""


def form_faults(text: SchemeText) -> Iterator[tuple[str, str]]:
    """Why the form cannot be used: key and message of each fault."""
    kinds = text.report.kind if text.report else ()
    yield from _standard_faults("form", text.form.standard, text.form.required)
    for n, kind in enumerate(kinds):
        yield from _standard_faults(f"report.kind[{n}]", kind.standard, kind.required)
    attached = text.form.attachments
    if attached.photos_least > attached.photos_most:
        yield (
            "form.attachments.photos_least",
            _("至少 {least} 张多于最多 {most} 张").format(
                least=attached.photos_least, most=attached.photos_most
            ),
        )
    asked = [*text.form.standard, *(name for kind in kinds for name in kind.standard)]
    known = list(dict.fromkeys(name for name in asked if name in NAMES))
    titles = {NAMES[name] for name in known}
    reports = [MONTHLY, *(kind.id for kind in kinds)]
    for n, own in enumerate(text.report_field):
        for m, name in enumerate(own.asked_in):
            if name not in reports:
                yield (
                    f"report_field[{n}].asked_in[{m}]",
                    _("没有报告“{id}”；可写：{names}").format(id=name, names="、".join(reports)),
                )
        if not own.asked_in:
            yield f"report_field[{n}].asked_in", _("写明在哪些报告里问；月报是 report")
        for message in _own_faults(own, known, titles):
            yield f"report_field[{n}].{message[0]}", message[1]
        known.append(own.id)
        titles.add(own.name)


def _standard_faults(
    where: str, standard: Sequence[str], required: Sequence[str]
) -> Iterator[tuple[str, str]]:
    for key, names in (("standard", standard), ("required", required)):
        for n, name in enumerate(names):
            if name not in NAMES:
                yield (
                    f"{where}.{key}[{n}]",
                    _("没有标准字段“{name}”；{hint}").format(name=name, hint=_near(name)),
                )
            elif name in names[:n]:
                yield f"{where}.{key}[{n}]", _("“{id}”重复").format(id=name)
            elif key == "required" and name not in standard:
                yield f"{where}.{key}[{n}]", _("必填的“{name}”不在 standard 里").format(name=name)


def _near(name: str) -> str:
    near = difflib.get_close_matches(name, NAMES, n=1)
    if near:
        return _("是不是 {near}？").format(near=near[0])
    return _("可写：{names}").format(names="、".join(NAMES))


def _own_faults(own: ReportField, known: Sequence[str], titles: set[str]) -> Iterator[tuple[str, str]]:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", own.id):
        yield "id", _("“{id}”应为小写英文字母、数字和下划线，以字母开头，不超过 40 个字符").format(id=own.id)
    if own.id in known or own.id in NAMES:
        yield "id", _("“{id}”已有；标准字段写进 form.standard，自定字段另取代号").format(id=own.id)
    if own.name in titles or not own.name.strip():
        yield "name", _("名称“{name}”已有或为空；每一列要有自己的名称").format(name=own.name)
    if (own.kind == "choice") != bool(own.choices):
        yield "choices", _("kind 是 choice 时要给出 choices，否则不写")
    if own.before is not None and own.before not in known:
        yield "before", _("表里没有字段“{id}”，或它在后面才出现").format(id=own.before)


def report_form(text: SchemeText) -> ReportForm:
    """The form of the monthly report under a loaded scheme."""
    times = TIMES_A_YEAR.get(text.report.cadence, 12) if text.report else 12
    return form_of(text.form, text.report_field, times)


def report_kinds(text: SchemeText) -> tuple[Kind, ...]:
    """The other reports that ask for something, in the order of the file."""
    if text.report is None:
        return ()
    begin = text.scheme.effective_from
    year = date(text.scheme.year, 1, 1), date(text.scheme.year, 12, 31)
    found = []
    for rule in text.report.kind:
        fields = fields_of(rule.standard, rule.required, text.report_field, rule.id)
        if fields:
            times = len(due_days(rule, *year, anchor=begin, estimate=True))
            found.append(
                Kind(
                    id=rule.id, name=rule.name, rule=rule, form=ReportForm(fields, times, rule.expires), ends=rule.ends,
                    stages=rule.stages, anchor=begin,
                )
            )  # fmt: skip
    return tuple(found)
