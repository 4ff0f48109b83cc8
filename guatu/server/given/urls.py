"""The addresses of what is handed in beside the reports."""

from __future__ import annotations

from django.urls import path

from guatu.server.given.ballot_views import ballot, ballot_check, ballot_take_back
from guatu.server.given.fact_views import fact, fact_take_back, fact_versions, thing
from guatu.server.given.import_views import import_given
from guatu.server.given.own_ballot_views import own_ballot
from guatu.server.given.views import decide_mark, given

urlpatterns = [
    path("given/", given, name="given"),
    path("given/import/", import_given, name="given-import"),
    path("given/marks/<int:pk>/", decide_mark, name="given-mark"),
    path("given/facts/<slug:fact>/", fact, name="given-fact"),
    path("given/facts/<slug:fact>/<path:entity>/take-back/", fact_take_back, name="given-take-back"),
    path("given/facts/<slug:fact>/<path:entity>/", fact_versions, name="given-versions"),
    path("given/things/<slug:kind>/<path:entity>/", thing, name="given-thing"),
    path("given/ballots/<slug:ballot>/", ballot, name="ballot"),
    path("given/ballots/<slug:ballot>/own/", own_ballot, name="own-ballot"),
    path("given/ballots/<slug:ballot>/check/", ballot_check, name="ballot-check"),
    path("given/ballots/<slug:ballot>/take-back/", ballot_take_back, name="ballot-take-back"),
]
