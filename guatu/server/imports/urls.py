"""The addresses of imports."""

from __future__ import annotations

from django.urls import path

from guatu.server.imports import views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/<int:number>/", views.import_page, name="import"),
    path("imports/<int:number>/again/", views.import_again, name="import-again"),
    path("imports/<int:number>/save/", views.import_save, name="import-save"),
    path("imports/<int:number>/discard/", views.import_discard, name="import-discard"),
    path("imports/<int:number>/take-back/", views.import_take_back, name="import-take-back"),
    path("imports/<int:number>/preview.xlsx", views.import_workbook, name="import-workbook"),
]
