from django.apps import AppConfig


class TimedConfig(AppConfig):
    name = "guatu.server.timed"
    label = "timed"
    verbose_name = "定时任务"
    default_auto_field = "django.db.models.BigAutoField"
