from django.apps import AppConfig


class GivenConfig(AppConfig):
    name = "guatu.server.given"
    label = "given"
    verbose_name = "评分与数据"
    default_auto_field = "django.db.models.BigAutoField"
