"""The worked cases of due rules: given a rule, these due days."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.calendars import UnpublishedYear, due_after, due_days
from guatu.language import gettext as _
from guatu.schemes.agenda import due_rules
from guatu.schemes.load import Scheme, SchemeFault
from guatu.schemes.worked_cases import DueCase
from guatu.values import date_text


def run_due_cases(scheme: Scheme) -> Iterator[SchemeFault]:
    """One error for each case whose due days do not come out."""
    for number, case in enumerate(scheme.due_cases):
        for message in _run(scheme, case):
            said = _("算例“{name}”：{message}").format(name=case.name, message=message)
            yield SchemeFault("error", "cases", f"due_case[{number}]", said, scheme.cite(case.clause))


def _run(scheme: Scheme, case: DueCase) -> Iterator[str]:
    known = {one.id: one.rule for one in due_rules(scheme)}
    if case.of not in known:
        yield _("没有名为“{id}”的报告、工作节奏或数据期限，已定的有：{known}").format(
            id=case.of, known="、".join(known) or _("无"))  # fmt: skip
        return
    rule = known[case.of]
    if (case.event is None) == (case.first is None or case.last is None):
        yield _("要写 from 和 to，或只写 event")
        return
    try:
        if case.event is not None:
            after = due_after(rule, case.event)
            found = [after.day] if after else []
        else:
            assert case.first is not None and case.last is not None
            begin = scheme.text.scheme.effective_from
            found = sorted({due.day for due in due_days(rule, case.first, case.last, anchor=begin)})
    except UnpublishedYear as error:
        yield str(error)
        return
    if found != sorted(case.days):
        yield _("到期日应为 {wanted}，算得 {found}").format(
            wanted="、".join(map(date_text, sorted(case.days))) or _("无"), found="、".join(map(date_text, found)) or _("无")
        )  # fmt: skip
