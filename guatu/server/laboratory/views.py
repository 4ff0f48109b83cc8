"""方案实验室: turn a value of the scheme in force and see what would change. Nothing is kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guatu.judge.trial import folder_name, trial_folder
from guatu.schemes.load import Scheme, rule_files
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import sees_everything
from guatu.server.assessment.models import JudgedMonth
from guatu.server.assessment.period import chosen_month
from guatu.server.laboratory.forms import Wanted, wanted
from guatu.server.laboratory.page import by_month, chapters, counted, groups
from guatu.server.laboratory.queries import judged_of_year, outcome
from guatu.server.schemes.queries import scheme_in_force
from guatu.values import Period


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def laboratory(request: HttpRequest) -> HttpResponse:
    """The page; for a changed value the fragment that says what would change, or the folder of the trial.

    For those who see everything, since it shows every project; Http404 for others. Writes nothing.
    """
    user = request.user
    assert isinstance(user, Account)
    if not sees_everything(user):
        raise Http404(_("没有这个页面。"))
    scheme, judged = scheme_in_force(), chosen_month(request)
    asked = wanted(request.POST if request.method == "POST" else QueryDict(), scheme)
    step = request.POST.get("do", "")
    if step == "folder" and asked.trial.scheme is not None and asked.trial.differences:
        return _folder(asked)
    if step == "toml":
        given = QueryDict(mutable=True)
        given.update({"by": "toml", "months": request.POST.get("months", "")})
        given.update({f"toml.{name}": asked.trial.files[name] for name in rule_files(scheme.files)})
        asked = wanted(given, scheme)
    elif step == "rules":
        given = request.POST.copy()
        given["by"] = "rules"
        asked = wanted(given, scheme)
    context = _context(scheme, judged, asked)
    if getattr(request, "htmx", False):
        return render(request, "laboratory/_answer.html", context)
    return render(request, "laboratory/laboratory.html", context)


def _context(scheme: Scheme, judged: JudgedMonth | None, asked: Wanted) -> dict[str, Any]:
    trial = asked.trial
    months = [] if judged is None else judged_of_year(judged) if asked.year else [judged]
    found = outcome(months, scheme, trial) if months and trial.usable and trial.differences else None
    unchanged = all(asked.texts.get(name, text) == text for name, text in scheme.files.items())
    return {
        "scheme": scheme,
        "judged": judged,
        "asked": asked,
        "trial": trial,
        "errors": [fault for fault in trial.faults if fault.severity == "error"],
        "chapters": chapters(scheme, asked) if asked.by == "rules" else [],
        "texts": [
            (name, asked.texts.get(name, scheme.files[name]))
            for name in rule_files(scheme.files)
            if asked.by == "toml" or not unchanged
        ],
        "months": _("{year}年各月").format(year=Period.parse(judged.period).year) if asked.year and judged
        else Period.parse(judged.period).label if judged else "",
        "found": found,
        "counted": list(counted(found.changes)) if found else [],
        "by_month": by_month(found) if found and asked.year else [],
        "groups": groups(found, scheme) if found else [],
        "digest": trial.scheme.digest if trial.scheme and trial.differences else "",
        "edition": judged is not None and judged.scheme_digest != scheme.digest,
    }  # fmt: skip


def _folder(asked: Wanted) -> HttpResponse:
    assert asked.trial.scheme is not None
    folder = trial_folder(asked.trial.scheme, asked.trial.differences)
    response = HttpResponse(folder.content, content_type="application/zip")
    name = f"{folder_name(folder.scheme)}.zip"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
