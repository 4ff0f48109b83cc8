"""The address of the scheme."""

from __future__ import annotations

from django.urls import path

from guatu.server.schemes.views import scheme

urlpatterns = [path("scheme/", scheme, name="scheme")]
