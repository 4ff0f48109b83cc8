"""Part of reporting's views: 数据质量, the quality of what units report, with its workings."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guatu.reporting.quality import Handled, Line, fault_names
from guatu.server.accounts.models import Account
from guatu.server.clock import today
from guatu.server.reporting.month_page import report_href
from guatu.server.reporting.quality import UnitQuality, last_month, units_quality
from guatu.server.schemes.queries import scheme_in_force

LOWEST = 8
"""How many units the table shows where it is a part of another page."""
EXAMPLES = 12
"""How many reports a line of the workings names."""


@require_GET
@login_required
def quality(request: HttpRequest) -> HttpResponse:
    """The units that the reader sees whole, with points and grade; for htmx the table of the lowest alone."""
    assert isinstance(request.user, Account)
    scheme = scheme_in_force()
    units = units_quality(request.user, scheme)
    names = fault_names()
    rule = scheme.text.data_quality
    alone = bool(request.headers.get("HX-Request"))
    context = {
        "graded": rule is not None,
        "lowest": alone and len(units) > LOWEST,
        "through": last_month(today()),
        "faults": [names[part.fault] for part in rule.part] if rule else [],
        "units": sorted(units, key=_lowest_first)[:LOWEST] if alone else units,
    }
    return render(request, "reporting/_quality.html" if alone else "reporting/quality.html", context)


def _lowest_first(unit: UnitQuality) -> tuple[bool, Decimal, str]:
    return unit.quality.points is None, unit.quality.points or Decimal(0), unit.name


@require_GET
@login_required
def quality_unit(request: HttpRequest, number: int) -> HttpResponse:
    """One unit: points and grade with every count behind them. 404 for one that the reader does not see whole."""
    assert isinstance(request.user, Account)
    scheme = scheme_in_force()
    found = next(iter(units_quality(request.user, scheme, number)), None)
    if found is None:
        raise Http404(_("没有这个单位的数据质量，或您看不到它的全部项目。"))
    names = fault_names()
    context = {
        "unit": found,
        "through": last_month(today()),
        "lines": [
            {
                "name": names[line.part.fault],
                "line": line,
                "clause": scheme.cite(line.part.clause),
                "examples": [_example(one, line) for one in line.examples[:EXAMPLES]],
                "more": max(0, len(line.examples) - EXAMPLES),
            }
            for line in found.quality.lines
        ],
        "clause": scheme.cite(scheme.text.data_quality.clause) if scheme.text.data_quality else "",
        "local": (scheme.text.data_quality.local_choice or "") if scheme.text.data_quality else "",
    }
    return render(request, "reporting/quality_unit.html", context)


def _example(one: Handled, line: Line) -> dict[str, str]:
    """A report with the fault: where it is, and what is to be said of it."""
    said = ""
    if line.part.fault == "late" and one.handed_in:
        said = _("%(day)s报送，应在 %(due)s前") % {
            "day": one.handed_in.isoformat(),
            "due": one.due.isoformat(),
        }
    elif line.part.fault == "returned":
        said = _("退回 %d 次") % one.returned
    return {
        "href": report_href(one.code, one.period),
        "words": f"{one.period.label} {one.name}",
        "said": said,
    }
