from __future__ import annotations

from django.urls import path

from guatu.server.portfolio import handover_views, manual, views

urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("export.xlsx", views.ledger_export, name="ledger-export"),
    path("export.csv", views.ledger_export, {"kind": "csv"}, name="ledger-csv"),
    path("columns", views.ledger_columns, name="ledger-columns"),
    path("manual/", manual.manual, name="manual"),
    path("manual.docx", manual.manual_docx, name="manual-docx"),
    path("hand-over/", handover_views.hand_over_page, name="hand-over"),
    path("<path:code>/answers/", handover_views.project_answers, name="project-answers"),
    path("<path:code>/", views.project, name="project"),
]
