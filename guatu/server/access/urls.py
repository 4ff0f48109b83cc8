from __future__ import annotations

from django.urls import path

from guatu.server.access import views

urlpatterns = [path("access-log/", views.access_log, name="access-log")]
