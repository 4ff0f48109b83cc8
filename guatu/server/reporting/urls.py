"""The addresses of the reports."""

from __future__ import annotations

from django.urls import path

from guatu.server.reporting import attachment_views, kind_views, quality_views, views

urlpatterns = [
    path("", views.reports, name="reports"),
    path("attachments/<int:number>", attachment_views.attachment, name="attachment"),
    path("attachments/<int:number>/small", attachment_views.attachment_small, name="attachment-small"),
    path("attachments/<int:number>/change", attachment_views.attachment_change, name="attachment-change"),
    path("of/<slug:kind>/", kind_views.at_once, name="reports-at-once"),
    path("of/<slug:kind>/begin", kind_views.begin, name="reports-begin"),
    path("of/<slug:kind>/pass", kind_views.kind_pass, name="reports-kind-pass"),
    path("of/<slug:kind>/<str:term>/", kind_views.term, name="reports-term"),
    path("of/<slug:kind>/<str:term>/grid/", kind_views.term_grid, name="reports-term-grid"),
    path("of/<slug:kind>/<str:term>/<path:code>/attach", kind_views.attach, name="report-of-kind-attach"),
    path("of/<slug:kind>/<str:term>/<path:code>/", kind_views.report, name="report-of-kind"),
    path("quality/", quality_views.quality, name="quality"),
    path("quality/<int:number>/", quality_views.quality_unit, name="quality-unit"),
    path("<str:month>/", views.month, name="reports-month"),
    path("<str:month>/list.<str:kind>", views.month_export, name="reports-export"),
    path("<str:month>/pass", views.month_pass, name="reports-pass"),
    path("<str:month>/grid/", views.grid, name="reports-grid"),
    path("<str:month>/form.xlsx", views.form_file, name="reports-form"),
    path("<str:month>/upload", views.upload, name="reports-upload"),
    path("<str:month>/<path:code>/attach", attachment_views.attach, name="report-attach"),
    path("<str:month>/<path:code>/", views.report, name="report"),
]
