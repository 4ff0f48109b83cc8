"""通报 and 催报: read on screen like paper, edit the words, download."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guatu.documents.docx import write_docx
from guatu.documents.paper import Block, Bulletin, Heading, Note, Paragraph, Table
from guatu.documents.reminder import NothingToRemind, group_text, write_letter_docx
from guatu.documents.workbook import write_workbook
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may, require, sees_everything
from guatu.server.assessment.looking_back import looked_back_on
from guatu.server.assessment.models import JudgedMonth
from guatu.server.assessment.period import chosen_month
from guatu.server.assessment.queries import may_take_bundle, summary_for
from guatu.server.clock import today
from guatu.server.documents.actions import edit_text, restore_text
from guatu.server.documents.models import BulletinEdit
from guatu.server.documents.queries import composed_bulletin, edited_bulletin, edits_of, month_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _bulletin_reader(request: HttpRequest) -> Account:
    """The account, where it may read an unsigned bulletin. Raises PermissionDenied."""
    user = _account(request)
    if not sees_everything(user):
        raise PermissionDenied(_("通报未经签发，由重点办和领导阅看。"))
    return user


def _judged(request: HttpRequest) -> JudgedMonth:
    judged = chosen_month(request)
    if judged is None:
        raise Http404(_("还没有判定过的月份。"))
    return judged


@login_required
def bulletin(request: HttpRequest) -> HttpResponse:
    """The bulletin of the month that the site shows."""
    return _bulletin_page(request, _bulletin_reader(request))


def _bulletin_page(
    request: HttpRequest, user: Account, error: dict[str, str] | None = None, entered: str = ""
) -> HttpResponse:
    judged = chosen_month(request)
    if judged is None:
        return render(request, "dashboards/bulletin.html", {"paper": None})
    known = looked_back_on(request)
    composed = composed_bulletin(judged, user, known)
    edits = edits_of(judged, known)
    context = {
        "paper": composed.as_json(),
        "blocks": _blocks("text", composed.blocks, edits),
        "attachments": [
            {"title": attachment.title, "blocks": _blocks(f"attachment.{number}", attachment.blocks, edits)}
            for number, attachment in enumerate(composed.attachments, 1)
        ],
        "draft_note": composed.draft_note,
        "may_edit": may(user, Verb.EDIT_BULLETIN),
        "error": error,
        "entered": entered,
        "head": json.loads(judged.head),
        "downloads": [
            {
                "name": _("通报（docx）"),
                "href": reverse("bulletin-docx"),
                "note": _("公文版式，WPS、Word 可打开"),
            },
            {"name": _("数据表（xlsx）"), "href": reverse("month-workbook"), "note": ""},
            *_bundle(judged, user),
        ],
    }
    return render(request, "dashboards/bulletin.html", context, status=400 if error else 200)


def _bundle(judged: JudgedMonth, user: Account) -> list[dict[str, str]]:
    """The download of the month's bundle, where there is one for this person."""
    if not may_take_bundle(judged, user):
        return []
    note = _("摘要 {digest}…，guatu verify 可离线重算核对").format(digest=judged.bundle_digest[:12])
    return [{"name": _("复算包（zip）"), "href": reverse("month-bundle"), "note": note}]


def _blocks(prefix: str, blocks: Sequence[Block], edits: dict[str, BulletinEdit]) -> list[dict[str, Any]]:
    """The blocks for the page: each with its key, the words in force, and who changed them when."""
    shown: list[dict[str, Any]] = []
    for index, block in enumerate(blocks):
        key = f"{prefix}.{index}"
        if isinstance(block, Table):
            columns = [
                {"header": column.header, "align": column.align, "wraps": column.wraps}
                for column in block.columns
            ]
            css = [
                {"right": "n", "center": "c"}.get(column.align, "")
                + " wraps" * column.wraps
                + " nowrap" * column.light
                for column in block.columns
            ]
            cells = [
                [{"text": text, "css": c} for text, c in zip(row, css, strict=True)] for row in block.rows
            ]
            shown.append(
                {"key": key, "kind": "table", "caption": block.caption, "columns": columns, "cells": cells}
            )
            continue
        edit = edits.get(key)
        kind = (
            "heading"
            if isinstance(block, Heading)
            else "paragraph"
            if isinstance(block, Paragraph)
            else "note"
        )
        shown.append({
            "key": key,
            "kind": kind,
            "level": block.level if isinstance(block, Heading) else None,
            "text": edit.text if edit else block.text,
            "edited": _edited_words(edit),
            "based_on": edit.pk if edit else 0,
            "fixed": isinstance(block, Note) and block.fixed,
        })  # fmt: skip
    return shown


def _edited_words(edit: BulletinEdit | None) -> str:
    if edit is None:
        return ""
    moment = localtime(edit.created)
    words = (
        _("{who}于 {month} 月 {day} 日 {time} 修改")
        if edit.text
        else _("{who}于 {month} 月 {day} 日 {time} 删去这一段")
    )
    return words.format(who=edit.edited_by, month=moment.month, day=moment.day, time=moment.strftime("%H:%M"))


@require_POST
@login_required
def bulletin_edit(request: HttpRequest) -> HttpResponse:
    """Change one paragraph."""
    return _change(request, lambda judged, key, based_on, user: edit_text(
        judged, key, request.POST.get("text", ""), based_on=based_on, actor=user))  # fmt: skip


@require_POST
@login_required
def bulletin_restore(request: HttpRequest) -> HttpResponse:
    """Bring the composed words of one paragraph back."""
    return _change(
        request, lambda judged, key, based_on, user: restore_text(judged, key, based_on=based_on, actor=user)
    )


def _change(
    request: HttpRequest, change: Callable[[JudgedMonth, str, int, Account], BulletinEdit]
) -> HttpResponse:
    user = _account(request)
    require(user, Verb.EDIT_BULLETIN)
    key, based_on = request.POST.get("key", ""), request.POST.get("based_on", "0")
    try:
        change(_judged(request), key, int(based_on) if based_on.isdecimal() else 0, user)
    except ValidationError as error:
        return _bulletin_page(
            request, user, {"key": key, "message": error.messages[0]}, request.POST.get("text", "")
        )
    return HttpResponseRedirect(reverse("bulletin") + "#" + key.replace(".", ""))


@login_required
def bulletin_docx(request: HttpRequest) -> HttpResponse:
    """The bulletin as it stands, in the layout of official papers."""
    user = _bulletin_reader(request)
    judged = _judged(request)
    paper: Bulletin = edited_bulletin(judged, user, looked_back_on(request))
    stream = BytesIO()
    write_docx(paper, stream)
    return _download(stream, _("通报{period}.docx").format(period=judged.period), DOCX)


@login_required
def month_workbook(request: HttpRequest) -> HttpResponse:
    """The month's figures as a workbook: what the reader may see."""
    user = _bulletin_reader(request)
    judged = _judged(request)
    stream = BytesIO()
    write_workbook(month_of(judged, user), stream)
    return _download(stream, _("重点项目{period}.xlsx").format(period=judged.period), XLSX)


def _download(stream: BytesIO, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(stream.getvalue(), content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@login_required
def reminder(request: HttpRequest) -> HttpResponse:
    """The silent and the late of the month: a text for the chat group, and letters."""
    user = _account(request)
    require(user, Verb.REMIND)
    judged = chosen_month(request)
    if judged is None:
        return render(request, "dashboards/reminder.html", {"silent": [], "late": []})
    summary = summary_for(judged, user)
    units: dict[str, int] = {}
    for row in summary["silent"]:
        unit = row["responsible_unit"] or row["county"] or row["name"]
        units[unit] = units.get(unit, 0) + 1
    context = {
        "head": json.loads(judged.head),
        "silent": summary["silent"],
        "late": summary["late"],
        "due": summary["due"],
        "message": group_text(month_of(judged, user), today()),
        "letters": [
            {"unit": unit, "href": reverse("reminder-letter") + "?unit=" + quote(unit), "count": count}
            for unit, count in units.items()
        ],
        "letter_all": "",
    }
    return render(request, "dashboards/reminder.html", context)


@login_required
def reminder_letter(request: HttpRequest) -> HttpResponse:
    """The letter to one responsible unit. 404 for a unit that owes nothing the reader may see."""
    user = _account(request)
    require(user, Verb.REMIND)
    judged = _judged(request)
    unit = request.GET.get("unit", "")
    month = month_of(judged, user)
    stream = BytesIO()
    try:
        write_letter_docx(month, unit, stream)
    except (LookupError, NothingToRemind) as error:
        raise Http404(str(error)) from error
    return _download(stream, _("催报函{unit}{period}.docx").format(unit=unit, period=judged.period), DOCX)
