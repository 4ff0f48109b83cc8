"""Taking a list away: its head in words, and the answer as a workbook or as CSV."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Final

from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from guatu.documents.listing import Listing, csv_lines, write_listing
from guatu.server.accounts.models import Account
from guatu.server.assessment.looking_back import looked_back_on
from guatu.server.clock import CHINA, now
from guatu.server.saved.menu import view_named
from guatu.values import date_text

KINDS: Final = ("xlsx", "csv")


def head_words(
    request: HttpRequest, page: str, query: str, period: str, parts: Sequence[str], unit: str
) -> str:
    """The line above a list that was taken away: which view, what of it, which day, the unit, who and when."""
    assert isinstance(request.user, Account)
    known = looked_back_on(request)
    moment = now().astimezone(CHINA)
    said = [
        _("视图：%s") % view_named(request.user, page, query, period),
        *(part for part in parts if part),
        _("按%s所知") % date_text(known.day) if known else "",
        _("金额单位：%s") % unit,
        _("%(who)s于%(day)s %(time)s导出")
        % {"who": request.user.person.name, "day": date_text(moment.date()), "time": f"{moment:%H:%M}"},
    ]
    return "；".join(part for part in said if part)


def taken(listing: Listing, name: str, kind: str) -> FileResponse | StreamingHttpResponse:
    """The file `name` with its ending. The rows are written while they are read. Raises Http404 for another kind."""
    if kind not in KINDS:
        raise Http404(_("只能导出为 xlsx 或 csv。"))
    if kind == "csv":
        answer = StreamingHttpResponse(csv_lines(listing), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = _attached(f"{name}.csv")
        return answer
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (whoever sends it closes it)
    write_listing(listing, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")


def _attached(name: str) -> str:
    return content_disposition_header(True, name) or "attachment"
