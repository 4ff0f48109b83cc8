from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "guatu.server.messages"
    label = "guatu_messages"
    verbose_name = "提醒"
    default_auto_field = "django.db.models.BigAutoField"
