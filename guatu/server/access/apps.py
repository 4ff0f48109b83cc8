from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "guatu.server.access"
    label = "access"
    verbose_name = "访问日志"
    default_auto_field = "django.db.models.BigAutoField"
