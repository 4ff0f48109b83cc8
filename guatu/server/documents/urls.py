from __future__ import annotations

from django.urls import path

from guatu.server.documents import views

urlpatterns = [
    path("bulletin/", views.bulletin, name="bulletin"),
    path("bulletin/edit/", views.bulletin_edit, name="bulletin-edit"),
    path("bulletin/restore/", views.bulletin_restore, name="bulletin-restore"),
    path("bulletin/docx/", views.bulletin_docx, name="bulletin-docx"),
    path("bulletin/workbook/", views.month_workbook, name="month-workbook"),
    path("reminder/", views.reminder, name="reminder"),
    path("reminder/letter/", views.reminder_letter, name="reminder-letter"),
]
