from __future__ import annotations

from django.urls import path

from guatu.server.messages import views

urlpatterns = [
    path("reminders/", views.reminders, name="reminders"),
    path("reminders/calendar/", views.calendar_make, name="calendar-make"),
    path("reminders/calendar/withdraw/", views.calendar_withdraw, name="calendar-withdraw"),
    path("reminders/calendar.ics", views.calendar_download, name="calendar-download"),
    path("calendar/<str:secret>.ics", views.calendar_feed, name="calendar-feed"),
]
