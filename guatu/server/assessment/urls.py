"""The addresses of scores, of the bundle of a month, and of judging one."""

from __future__ import annotations

from django.urls import path

from guatu.server.assessment.views import assessment, bundle, judge, score

urlpatterns = [
    path("assessment/", assessment, name="assessment"),
    path("judge/", judge, name="judge"),
    path("assessment/bundle/", bundle, name="month-bundle"),
    path("assessment/<slug:sheet>/<str:entity>/", score, name="score"),
]
