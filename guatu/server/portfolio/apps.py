from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "guatu.server.portfolio"
    label = "portfolio"
    verbose_name = "项目台账"
    default_auto_field = "django.db.models.BigAutoField"
