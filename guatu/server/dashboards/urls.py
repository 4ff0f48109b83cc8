"""The dashboards: one line each. A new one is a file, a template and a line here."""

from __future__ import annotations

from django.urls import path

from guatu.server.assessment.period import set_period
from guatu.server.dashboards.overview import all_todo, home, overview
from guatu.server.dashboards.ranking import ranking, ranking_export

urlpatterns = [
    path("", overview, name="overview"),
    path("home/", home, name="home"),
    path("todo/", all_todo, name="todo"),
    path("ranking/", ranking, name="ranking"),
    path("ranking/list.<str:kind>", ranking_export, name="ranking-export"),
    path("period/", set_period, name="set-period"),
]
