"""The addresses of scores and of the bundle of a month."""

from __future__ import annotations

from django.urls import path

from guatu.server.assessment.views import assessment, bundle, score

urlpatterns = [
    path("assessment/", assessment, name="assessment"),
    path("assessment/bundle/", bundle, name="month-bundle"),
    path("assessment/<slug:sheet>/<str:entity>/", score, name="score"),
]
