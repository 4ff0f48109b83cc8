from __future__ import annotations

from django.urls import path

from guatu.server.messages import channel_views, views

urlpatterns = [
    path("reminders/", views.reminders, name="reminders"),
    path("reminders/calendar/", views.calendar_make, name="calendar-make"),
    path("reminders/calendar/withdraw/", views.calendar_withdraw, name="calendar-withdraw"),
    path("reminders/calendar.ics", views.calendar_download, name="calendar-download"),
    path("channels/", channel_views.channels, name="channels"),
    path("channels/add/<slug:kind>/", channel_views.channel_add, name="channel-add"),
    path("channels/<int:number>/", channel_views.channel, name="channel"),
    path("channels/<int:number>/switch/", channel_views.channel_switch, name="channel-switch"),
    path("channels/<int:number>/try/", channel_views.channel_try, name="channel-try"),
    path("outbox/", channel_views.outbox, name="outbox"),
    path("calendar/<str:secret>.ics", views.calendar_feed, name="calendar-feed"),
]
