"""The form of the reports in words: what counts, what it costs to fill in, and every field."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.language import gettext as _
from guatu.reporting.attached.rule import AttachmentRule
from guatu.reporting.form import MONTHLY, Burden, FormField
from guatu.schemes.entries import Entry, full_stop
from guatu.schemes.load import Scheme
from guatu.schemes.model import SchemeText
from guatu.schemes.units import word
from guatu.values import number_text


def describe_form(scheme: Scheme) -> Iterator[Entry]:
    """The form in words: what counts, what it costs, then every field."""
    text = scheme.text
    form = scheme.form
    rule = text.form
    counts = text.report.counts if text.report else "signed"
    yield Entry("form", _("月报表"), scheme.cite(rule.clause), full_stop((
        _("{state}的月报在数据截止时计入").format(state=word(counts)),
        burden_words(form.burden(_projects(text))) if text.report else "",
        _("填到 {day} 为止").format(day=rule.expires.isoformat()) if rule.expires else "",
    )), rule.local_choice or "")  # fmt: skip
    attached = rule.attachments
    if text.report:
        yield Entry("form.attachments", _("照片与短视频"), scheme.cite(attached.clause), full_stop(attached_words(attached)),
            attached.local_choice or "")  # fmt: skip
    own = {one.id: one for one in text.report_field}
    for one in form.fields:
        given = own.get(one.id)
        yield Entry(
            f"form[{one.id}]", one.name, scheme.cite(one.clause), full_stop(field_words(one)),
            (given.local_choice if given else None) or "", depth=1,
        )  # fmt: skip
    yield from _kinds(scheme)


def _kinds(scheme: Scheme) -> Iterator[Entry]:
    """The forms of the other reports: how far each goes, what it costs, and what it asks; a field that the month's
    report asks as well is filled in there from here."""
    monthly = {one.id for one in scheme.form.typed}
    own = {one.id: one for one in scheme.text.report_field}
    for kind in scheme.kinds:
        yield Entry(f"report.kind[{kind.id}].form", _("{report}的填报表").format(report=kind.name), "", full_stop((
            _("{state}即办结").format(state=word(kind.ends)),
            burden_words(kind.form.burden(_projects(scheme.text))),
            _("填到 {day} 为止").format(day=kind.form.expires.isoformat()) if kind.form.expires else "",
        )))  # fmt: skip
        for one in kind.form.fields:
            said = [
                *field_words(one, monthly=False),
                _("月报里自动带出，不再填") if one.id in monthly else "",
            ]
            given = own.get(one.id)
            first = given is not None and MONTHLY not in given.asked_in and given.asked_in[0] == kind.id
            choice = given.local_choice if given is not None and first else None
            key = f"report.kind[{kind.id}].form[{one.id}]"
            yield Entry(key, one.name, scheme.cite(one.clause), full_stop(said), choice or "", depth=1)


def attached_words(rule: AttachmentRule) -> Iterator[str]:
    """What may be attached, in words."""
    if not rule.photos_most and not rule.videos_most:
        yield _("不收")
        return
    yield (
        _("至少附 {n} 张照片").format(n=rule.photos_least) if rule.photos_least else _("不要求附照片，有则附")
    )
    yield _("最多 {photos} 张照片、{videos} 段短视频，每段不超过 {size} MB").format(
        photos=rule.photos_most, videos=rule.videos_most, size=rule.video_megabytes
    )
    yield _("与另一份报告所附的照片相比，64 位特征相差不超过 {n} 位的，请填报人说明").format(
        n=rule.alike_bits
    )


def _projects(text: SchemeText) -> int:
    """How many projects the document itself has under construction; 1 where it does not say."""
    published = text.published
    return (published.building.projects if published and published.building else None) or 1


def burden_words(burden: Burden) -> str:
    """The burden in one sentence: 10 项 × 217 个项目 × 12 次 = 每年 26,040 项."""
    if burden.times == 0:
        return _("每次填 {fields} 项，发生时才报").format(fields=burden.fields)
    said = _("每次填 {fields} 项 × {reports} 个项目 × 每年 {times} 次 = 每年 {total} 项").format(
        fields=burden.fields, reports=burden.reports, times=burden.times, total=number_text(burden.a_year, 0)
    )
    if burden.carried:
        last = _("上月") if burden.times == 12 else _("上一次")
        said += _("，其中 {n} 项沿用{last}，只改有变化的").format(n=burden.carried, last=last)
    return said


def field_words(one: FormField, *, monthly: bool = True) -> Iterator[str]:
    """A field in words: how it is typed, whether it must be, what it means."""
    said = [word(one.kind) + (f"（{one.unit}）" if one.unit else "")]
    if one.choices:
        said.append(_("从{choices}中选").format(choices="、".join(one.choices)))
    said += [
        words
        for words, holds in (
            (_("自动算出"), one.computed),
            (_("必填"), one.required),
            (_("沿用上月") if monthly else _("沿用上一次"), one.carried),
            (_("调度数"), one.figure == "dispatch"),
            (_("统计数"), one.figure == "statistics"),
        )
        if holds
    ]
    yield "，".join(said)
    yield one.help
