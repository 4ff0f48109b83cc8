from __future__ import annotations

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "guatu.server.backups"
    label = "backups"
    verbose_name = "备份"
    default_auto_field = "django.db.models.BigAutoField"
