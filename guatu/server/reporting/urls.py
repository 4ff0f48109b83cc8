"""The addresses of the reports."""

from __future__ import annotations

from django.urls import path

from guatu.server.reporting import views

urlpatterns = [
    path("", views.reports, name="reports"),
    path("<str:month>/", views.month, name="reports-month"),
    path("<str:month>/pass", views.month_pass, name="reports-pass"),
    path("<str:month>/grid/", views.grid, name="reports-grid"),
    path("<str:month>/form.xlsx", views.form_file, name="reports-form"),
    path("<str:month>/upload", views.upload, name="reports-upload"),
    path("<str:month>/<path:code>/", views.report, name="report"),
]
