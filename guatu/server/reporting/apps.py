from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "guatu.server.reporting"
    label = "reporting"
    verbose_name = "填报"
    default_auto_field = "django.db.models.BigAutoField"
