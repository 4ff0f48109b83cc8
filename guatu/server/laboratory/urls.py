"""The address of the laboratory."""

from __future__ import annotations

from django.urls import path

from guatu.server.laboratory.views import laboratory

urlpatterns = [path("scheme/laboratory/", laboratory, name="laboratory")]
