from __future__ import annotations

from django.urls import path

from guatu.server.portfolio import views

urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("export.xlsx", views.ledger_export, name="ledger-export"),
    path("columns", views.ledger_columns, name="ledger-columns"),
    path("<path:code>/", views.project, name="project"),
]
