from __future__ import annotations

from django.urls import path

from guatu.server.year_files import views

urlpatterns = [
    path("", views.year_files, name="year-files"),
    path("propose", views.year_file_propose, name="year-file-propose"),
    path("<int:identity>/", views.year_file, name="year-file"),
    path("<int:identity>/decide", views.year_file_decide, name="year-file-decide"),
    path("<int:identity>/file.docx", views.year_file_docx, name="year-file-docx"),
    path("<int:identity>/file.xlsx", views.year_file_workbook, name="year-file-workbook"),
]
