from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "guatu.server.proposals"
    label = "proposals"
    verbose_name = "提议与决定"
    default_auto_field = "django.db.models.BigAutoField"
