"""Part of reporting's views: photographs and videos are handed in, described, taken off, and shown."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guatu.reporting.form import MONTHLY, carried_over
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import CHINA
from guatu.server.dashboards.todo import forget
from guatu.server.portfolio.queries import project_or_404
from guatu.server.reporting import attachment_files, attachments, filling
from guatu.server.reporting.attachment_queries import attachment_or_404
from guatu.server.reporting.attachments import Handed
from guatu.server.reporting.filling import EditedMeanwhile
from guatu.server.reporting.form_page import Page, form_context, page_of
from guatu.server.reporting.kind_form import KindPage, kind_page_of
from guatu.server.reporting.models import Attachment, Report
from guatu.server.reporting.month_page import period_of
from guatu.server.schemes.queries import scheme_in_force
from guatu.values import Period

MOST_BYTES = 600 * 1024 * 1024
"""More than all the files that one report takes."""


@require_POST
@login_required
def attach(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """Add the chosen `files` to the draft of a report, all or none; a draft is begun where there is none."""
    assert isinstance(request.user, Account)
    project = project_or_404(request.user, code)
    period = period_of(month)
    if period is None:
        raise Http404(_("没有这个月份，或它还没有开始。"))
    return attach_to(request, page_of(request.user, project, period, scheme_in_force()))


def attach_to(request: HttpRequest, page: Page) -> HttpResponse:
    """Add the chosen files to the draft of the page, all or none, and answer with what is attached."""
    require(page.user, Verb.HAND_IN, page.project)
    forget(page.user)
    files = request.FILES.getlist("files")
    begun = False
    try:
        if sum(file.size or 0 for file in files) > MOST_BYTES:
            raise ValidationError(_("这一次选的文件太大，请分几次附。"))
        handed = [Handed(file.name or "", file.read()) for file in files]
        draft, begun = _draft(page)
        added = attachments.attach(draft, handed, actor=page.user, rule=page.scheme.text.form.attachments)
    except ValidationError as error:
        return _answer(request, page, error.messages, begun=begun)
    return _answer(request, page, [], begun=begun, done=_("已附上 %d 个。") % len(added))


def _draft(page: Page) -> tuple[Report, bool]:
    """The draft to which something is attached, and whether it was begun for it. Raises ValidationError."""
    if page.draft is not None:
        return page.draft, False
    if isinstance(page, KindPage):
        raise ValidationError(_("请先存草稿，再附照片。"))
    values = carried_over(page.scheme.form, page.last)
    try:
        draft = filling.save_draft(
            page.project, page.period, values, actor=page.user, edition=0, form=page.scheme.form
        )
    except EditedMeanwhile as meanwhile:
        if meanwhile.draft is None:
            raise ValidationError(_("这份月报刚被别人改动，请刷新后再看。")) from meanwhile
        return meanwhile.draft, False
    return draft, True


def _answer(
    request: HttpRequest, page: Page, refusals: list[str], *, begun: bool = False, done: str = ""
) -> HttpResponse:
    """For htmx the part of the page that shows what is attached, with the questions about it; else the page itself."""
    if request.headers.get("HX-Request"):
        fresh = page.again()
        more = {"attachment_refusals": refusals, "begun": begun, "attached_words": done}
        return render(request, "reporting/_attached_answer.html", form_context(fresh) | more)
    for words in refusals:
        messages.error(request, words)
    if done:
        messages.success(request, done)
    return HttpResponseRedirect(page.href + "#attachments")


@require_POST
@login_required
def attachment_change(request: HttpRequest, number: int) -> HttpResponse:
    """Describe an attachment of a draft anew, or take it off (`do`)."""
    assert isinstance(request.user, Account)
    one = attachment_or_404(request.user, number)
    report = one.report
    page = _page_of(request.user, report)
    try:
        if request.POST.get("do") == "take_off":
            attachments.take_off(one, actor=request.user)
            done = _("已移除。")
        else:
            attachments.describe(
                one,
                actor=request.user,
                caption=request.POST.get("caption", ""),
                taken_at=_moment(request.POST.get("taken_at", "")),
                place=request.POST.get("place", ""),
            )
            done = _("说明已存。")
    except ValidationError as error:
        return _answer(request, page, error.messages)
    return _answer(request, page, [], done=done)


def _page_of(user: Account, report: Report) -> Page:
    """The page on which a report stands. Http404 for a kind that the scheme does not ask for any more."""
    scheme = scheme_in_force()
    if report.kind == MONTHLY:
        return page_of(user, report.project, Period.parse(report.period), scheme)
    kind = scheme.kind(report.kind)
    if kind is None:
        raise Http404(_("现行方案里没有这种报告。"))
    return kind_page_of(user, report.project, kind, report.period, scheme)


def _moment(text: str) -> datetime | None:
    """A moment as a browser writes it, in China; None for an empty one. Raises ValidationError."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=CHINA)
    except ValueError as error:
        raise ValidationError(_("拍摄时间应写作 2023-09-28 15:30 的样子。")) from error


@require_GET
@login_required
def attachment(request: HttpRequest, number: int) -> HttpResponse:
    """The photograph or video itself, to take away."""
    assert isinstance(request.user, Account)
    one = attachment_or_404(request.user, number)
    photo = one.kind == Attachment.Kind.PHOTO
    answer = _file(request, one.digest, "image/jpeg" if photo else "video/mp4")
    answer["Content-Disposition"] = f'attachment; filename="{one.digest[:16]}.{"jpg" if photo else "mp4"}"'
    return answer


@require_GET
@login_required
def attachment_small(request: HttpRequest, number: int) -> HttpResponse:
    """The thumbnail of a photograph, a piece of the page that shows it."""
    assert isinstance(request.user, Account)
    one = attachment_or_404(request.user, number)
    if not one.small:
        raise Http404(_("没有这个附件。"))
    return _file(request, one.small, "image/jpeg")


def _file(request: HttpRequest, digest: str, kind: str) -> HttpResponse:
    """A kept file, held against its digest; the browser asks again each time and is spared what it has."""
    tag = f'"{digest}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        try:
            answer = HttpResponse(attachment_files.content_of(digest), content_type=kind)
        except attachment_files.Damaged as error:
            raise Http404(_("这个附件的文件不见了或已损坏，请从备份里恢复。")) from error
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
