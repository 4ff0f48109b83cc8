from __future__ import annotations

from django.urls import path

from guatu.server.accounts import account_views, door, views

urlpatterns = [
    path("sign-in/", door.SignIn.as_view(), name="sign-in"),
    path("sign-out/", door.sign_out, name="sign-out"),
    path("account/", door.own_account, name="own-account"),
    path("account/password/", door.own_password, name="own-password"),
    path("account/sessions/<int:identity>/end/", door.session_end, name="session-end"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/add/", views.organisation_add, name="organisation-add"),
    path("organisations/<int:identity>/", views.organisation, name="organisation"),
    path("organisations/<int:identity>/appoint/", views.organisation_appoint, name="organisation-appoint"),
    path("people/<int:identity>/", views.person, name="person"),
    path("appointments/<int:identity>/end/", views.appointment_end, name="appointment-end"),
    path("accounts/", account_views.accounts, name="accounts"),
    path("accounts/roster.xlsx", account_views.roster_template, name="roster-template"),
    path("accounts/roster/", account_views.roster_upload, name="roster-upload"),
    path("accounts/roster/confirm/", account_views.roster_confirm, name="roster-confirm"),
    path("accounts/<str:username>/<slug:what>/", account_views.account_change, name="account-change"),
    path("rights/", account_views.rights, name="rights"),
    path("rights/give/", account_views.rights_give, name="rights-give"),
]
