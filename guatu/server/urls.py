"""The addresses of the site: one list, each subject brings its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("guatu.server.dashboards.urls")),
    path("", include("guatu.server.accounts.urls")),
    path("", include("guatu.server.record.urls")),
    path("", include("guatu.server.access.urls")),
    path("projects/", include("guatu.server.portfolio.urls")),
    path("reports/", include("guatu.server.reporting.urls")),
    path("", include("guatu.server.documents.urls")),
    path("", include("guatu.server.assessment.urls")),
    path("", include("guatu.server.given.urls")),
    path("", include("guatu.server.schemes.urls")),
    path("", include("guatu.server.imports.urls")),
    path("", include("guatu.server.laboratory.urls")),
    path("", include("guatu.server.api.urls")),
    path("views/", include("guatu.server.saved.urls")),
    path("year-files/", include("guatu.server.year_files.urls")),
    path("", include("guatu.server.messages.urls")),
    path("", include("guatu.server.backups.urls")),
]
