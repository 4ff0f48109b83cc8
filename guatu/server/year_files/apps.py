from django.apps import AppConfig


class YearFilesConfig(AppConfig):
    name = "guatu.server.year_files"
    label = "year_files"
    verbose_name = "年度考核档案"
    default_auto_field = "django.db.models.BigAutoField"
