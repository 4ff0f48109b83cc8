"""The month that the whole site shows: chosen once, kept in the session; on a past day, of those judged by then."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from guatu.server.assessment.looking_back import looked_back_on
from guatu.server.assessment.models import JudgedMonth
from guatu.server.assessment.queries import judged_periods, latest_judged

SESSION_KEY = "period"


def open_periods(request: HttpRequest) -> list[str]:
    """The months that may be chosen, the latest first. One query a request."""
    known: list[str] | None = getattr(request, "_open_periods", None)
    if known is None:
        known = judged_periods(looked_back_on(request))
        request._open_periods = known  # type: ignore[attr-defined]
    return known


def chosen_period(request: HttpRequest) -> str | None:
    """The month to show: of the address (`period=`), else of the session, else the latest judged one.

    A month that was not judged is passed over; None where no month was judged.
    """
    known = open_periods(request)
    for wanted in (request.GET.get("period"), request.session.get(SESSION_KEY)):
        if wanted in known:
            return str(wanted)
    return known[0] if known else None


def chosen_month(request: HttpRequest) -> JudgedMonth | None:
    """The judged month to show; None where no month was judged. One query a request."""
    if not hasattr(request, "_chosen_month"):
        period = chosen_period(request)
        request._chosen_month = (  # type: ignore[attr-defined]
            latest_judged(period, looked_back_on(request)) if period else None
        )
    month: JudgedMonth | None = request._chosen_month  # type: ignore[attr-defined]
    return month


@require_POST
def set_period(request: HttpRequest) -> HttpResponse:
    """Choose the month for the whole site and go back to the page, without a month of its own."""
    wanted = request.POST.get("period", "")
    if wanted in open_periods(request):
        request.session[SESSION_KEY] = wanted
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = resolve_url("overview")
    path, _, query = back.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not part.startswith("period="))
    return HttpResponseRedirect(f"{path}?{kept}" if kept else path)
