from __future__ import annotations

from django.urls import path

from guatu.server.saved import views

urlpatterns = [
    path("", views.views, name="views"),
    path("save", views.view_save, name="view-save"),
    path("<int:identity>/change", views.view_change, name="view-change"),
]
