"""The addresses of scores."""

from __future__ import annotations

from django.urls import path

from guatu.server.assessment.views import assessment, score

urlpatterns = [
    path("assessment/", assessment, name="assessment"),
    path("assessment/<slug:sheet>/<str:entity>/", score, name="score"),
]
