"""The addresses of the reports."""

from __future__ import annotations

from django.urls import path

from guatu.server.reporting import attachment_views, views

urlpatterns = [
    path("", views.reports, name="reports"),
    path("attachments/<int:number>", attachment_views.attachment, name="attachment"),
    path("attachments/<int:number>/small", attachment_views.attachment_small, name="attachment-small"),
    path("attachments/<int:number>/change", attachment_views.attachment_change, name="attachment-change"),
    path("<str:month>/", views.month, name="reports-month"),
    path("<str:month>/pass", views.month_pass, name="reports-pass"),
    path("<str:month>/grid/", views.grid, name="reports-grid"),
    path("<str:month>/form.xlsx", views.form_file, name="reports-form"),
    path("<str:month>/upload", views.upload, name="reports-upload"),
    path("<str:month>/<path:code>/attach", attachment_views.attach, name="report-attach"),
    path("<str:month>/<path:code>/", views.report, name="report"),
]
