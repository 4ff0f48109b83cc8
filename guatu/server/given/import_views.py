"""Handing in facts or votes by a file: first a preview of what would be added, changed and refused, then the deed."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.assessment.terms import Term
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may, may_give
from guatu.server.given.actions import by_voter, cast_votes, import_ballots, import_facts
from guatu.server.given.ballot_page import counted
from guatu.server.given.incoming import Incoming, Line, incoming
from guatu.server.given.models import Ballot
from guatu.server.given.overview import chosen, seen_facts
from guatu.server.given.queries import ballots_of, read_back
from guatu.server.given.uploads import (
    Read,
    opened_facts,
    opened_votes,
    read_fact_files,
    read_vote_files,
    sealed,
)
from guatu.server.given.values import said
from guatu.server.given.views import reader_of_given
from guatu.server.proposals.actions import propose_marks
from guatu.server.schemes.queries import scheme_in_force
from guatu.workbooks.sheets import WorkbookError

SHOWN = 200
"""So many lines of each part a preview lists; of more it says the number."""


@login_required
def import_given(request: HttpRequest) -> HttpResponse:
    """The form for files; POST of files shows the preview, POST of a preview hands in. For those who may give any
    fact; votes for the office."""
    scheme = scheme_in_force()
    user = reader_of_given(request, scheme)
    facts = {name: one for name, one in seen_facts(user, scheme).items() if may_give(user, one.supplier)}
    if not facts and not may(user, Verb.GIVE):
        raise PermissionDenied(_("您现任的职务没有这项权限；需要时请与重点办联系。"))
    votes = request.POST.get("what") == "votes" and may(user, Verb.GIVE)
    context = {
        "term": request.POST.get("term") or request.GET.get("term") or str(chosen(None)),
        "may_vote": may(user, Verb.GIVE) and bool(scheme.text.ballot),
        "facts": list(facts.values()),
    }
    if request.method != "POST":
        return render(request, "given/import.html", context)
    try:
        if "sealed" in request.POST:
            return _import(request, user, scheme, votes=votes)
        return _preview(request, user, scheme, context, votes=votes)
    except (WorkbookError, ValidationError) as error:
        said_so = error.messages if isinstance(error, ValidationError) else [str(error)]
        return render(request, "given/import.html", {**context, "faults": said_so}, status=400)


def _preview(
    request: HttpRequest, user: Account, scheme: Scheme, context: Mapping[str, object], *, votes: bool
) -> HttpResponse:
    files = request.FILES.getlist("files")
    if not files:
        raise ValidationError(_("请先选文件。"))
    try:
        text = str(context["term"]).strip()
        term = Term.parse(text) if text else None
    except ValueError as error:
        raise ValidationError(str(error)) from error
    read = (read_vote_files if votes else read_fact_files)(files, scheme, term)
    shown = _vote_parts(read, scheme) if votes else _fact_parts(incoming(read.rows, scheme, user))
    return render(
        request,
        "given/preview.html",
        {
            "what": "votes" if votes else "facts",
            "term": text,
            "sealed": sealed(read, user),
            "findings": read.findings[:SHOWN],
            "more_findings": max(len(read.findings) - SHOWN, 0),
            "digests": read.digests,
            **shown,
        },
    )


def _fact_parts(laid: Incoming) -> dict[str, object]:
    names = {
        "added": _("新报"), "changed": _("更正"), "marks": _("打分，提交后待第二人确认"), "same": _("与已报的相同，不再收"),
        "refused": _("不收"),
    }  # fmt: skip
    parts = [
        {
            "id": part,
            "name": name,
            "count": len(getattr(laid, part)),
            "lines": [_fact_line(line) for line in getattr(laid, part)[:SHOWN]],
            "more": max(len(getattr(laid, part)) - SHOWN, 0),
        }
        for part, name in names.items()
        if getattr(laid, part) and part != "same"
    ]
    return {
        "parts": parts,
        "same": len(laid.same),
        "taken": laid.taken,
        "needs_reason": any(not line.row.reason for line in laid.changed),
    }


def _fact_line(line: Line) -> dict[str, str]:
    fact = line.asked.fact if line.asked else None
    value = said(line.row.value, fact) if fact else str(line.row.value)
    if line.row.checked is not None and fact:
        value = _("%(value)s，核查 %(checked)s") % {"value": value, "checked": said(line.row.checked, fact)}
    return {
        "entity": line.row.entity,
        "name": line.name,
        "term": line.row.term.label,
        "before": said(read_back(line.before.value), fact)
        if line.before and line.before.value and fact
        else "",
        "value": value,
        "note": line.note or line.row.reason,
        "place": line.row.place,
    }


def _vote_parts(read: Read, scheme: Scheme) -> dict[str, object]:
    ballots = by_voter(read.rows)
    standing: dict[tuple[str, str, str], Ballot] = {}
    faults: dict[tuple[str, str, str], str] = {}
    for ballot, term in dict.fromkeys((votes[0].ballot, str(votes[0].term)) for votes in ballots):
        rule = next(one for one in scheme.text.ballot if one.id == ballot)
        stands = ballots_of(ballot, term)
        standing |= {(ballot, term, row.voter): row for row in stands}
        mine = [votes for votes in ballots if (votes[0].ballot, str(votes[0].term)) == (ballot, term)]
        coming = {votes[0].voter for votes in mine}
        rows = [
            Ballot(
                ballot=ballot, term=term, voter=votes[0].voter, group=votes[0].group, votes=cast_votes(votes)
            )
            for votes in mine
        ]
        _rows, bad = counted(rule, [*(row for row in stands if row.voter not in coming), *rows])
        faults |= {(ballot, term, voter): reason for voter, reason in bad.items()}
    found: dict[str, list[dict[str, str]]] = {"added": [], "changed": [], "refused": []}
    same = 0
    for votes in ballots:
        first = votes[0]
        key = (first.ballot, str(first.term), first.voter)
        before = standing.get(key)
        if before and (before.group, before.votes) == (first.group, cast_votes(votes)):
            same += 1
            continue
        part = "refused" if key in faults else "changed" if before else "added"
        found[part].append({
            "entity": first.voter, "name": next(one.name for one in scheme.text.ballot if one.id == first.ballot),
            "term": first.term.label, "before": _("已有一张") if before else "",
            "value": _("%(n)s 票") % {"n": len(votes)}, "note": faults.get(key, ""), "place": first.place,
        })  # fmt: skip
    names = {"added": _("新票"), "changed": _("换掉已有的票"), "refused": _("无效，收下但不计")}
    parts = [
        {"id": part, "name": name, "count": len(found[part]), "lines": found[part][:SHOWN],
         "more": max(len(found[part]) - SHOWN, 0)}
        for part, name in names.items() if found[part]
    ]  # fmt: skip
    replaced = bool(found["changed"]) or any(line["before"] for line in found["refused"])
    return {"parts": parts, "same": same, "taken": sum(map(len, found.values())), "needs_reason": replaced}


def _import(request: HttpRequest, user: Account, scheme: Scheme, *, votes: bool) -> HttpResponse:
    text, reason = request.POST["sealed"], request.POST.get("reason", "")
    read = (opened_votes if votes else opened_facts)(text, user)
    if read is None:
        raise ValidationError(_("预览已过期，请重新选文件。"))
    if votes:
        taken = import_ballots(read.rows, actor=user, reason=reason, digests=read.digests)
        messages.success(request, _("已收 %(n)s 张票。") % {"n": taken})
        return HttpResponseRedirect(reverse("given"))
    with transaction.atomic():
        done = import_facts(read.rows, actor=user, scheme=scheme, reason=reason, digests=read.digests)
        marks = propose_marks([line.row for line in done.laid.marks], actor=user, scheme=scheme)
    words = _("已报 %(added)s 个，更正 %(changed)s 个，待确认的打分 %(marks)s 个。")
    messages.success(request, words % {"added": done.added, "changed": done.changed, "marks": len(marks)})
    return HttpResponseRedirect(reverse("given"))
