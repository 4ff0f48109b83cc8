from __future__ import annotations

from django.urls import path

from guatu.server.record import views

urlpatterns = [
    path("record/", views.record, name="record"),
    path("record/export.jsonl", views.record_jsonl, name="record-jsonl"),
    path("record/export.xlsx", views.record_workbook, name="record-workbook"),
    path("projects/<path:code>/record/", views.project_record, name="project-record"),
]
