from __future__ import annotations

from django.urls import path

from guatu.server.accounts import account_views, door, rules_views, second_factor_views, views
from guatu.server.accounts.oidc import come_back, go, refuse_while_off

urlpatterns = [
    path("sign-in/", door.SignIn.as_view(), name="sign-in"),
    path("sign-out/", door.sign_out, name="sign-out"),
    path("sign-in/second/", second_factor_views.second_factor, name="second-factor"),
    path("sign-in/<str:provider_id>/go/", refuse_while_off(go), name="openid_connect_login"),
    path(
        "sign-in/<str:provider_id>/return/",
        refuse_while_off(come_back),
        name="openid_connect_callback",
    ),
    path("account/totp/", second_factor_views.totp, name="totp"),
    path("account/key/", second_factor_views.security_key, name="security-key"),
    path("account/second/remove/", second_factor_views.second_factor_remove, name="second-factor-remove"),
    path("sign-in-rules/", rules_views.sign_in_rules_page, name="sign-in-rules"),
    path("sign-in-ways/", rules_views.sign_in_ways_page, name="sign-in-ways"),
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
