from django.apps import AppConfig


class SavedConfig(AppConfig):
    name = "guatu.server.saved"
    label = "saved"
    verbose_name = "视图"
    default_auto_field = "django.db.models.BigAutoField"
