from __future__ import annotations

from django.urls import path

from guatu.server.backups import views

urlpatterns = [
    path("backups/", views.backups, name="backups"),
    path("backups/make/", views.backup_make, name="backup-make"),
    path("backups/rules/", views.backup_rules_change, name="backup-rules"),
    path("backups/<int:number>/verify/", views.backup_verify, name="backup-verify"),
]
