from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "guatu.server.assessment"
    label = "assessment"
    verbose_name = "考核排名"
    default_auto_field = "django.db.models.BigAutoField"
