from __future__ import annotations

from django.apps import AppConfig


class LaboratoryConfig(AppConfig):
    name = "guatu.server.laboratory"
    label = "laboratory"
