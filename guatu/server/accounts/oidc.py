"""统一身份认证: OpenID Connect through django-allauth, configured on the site and off until it is switched on.

Whoever the issuer names signs in to the account that is linked, at the first time the one whose user name is the
issuer's `preferred_username`. No account is ever made here.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from requests import RequestException

from guatu.server.accounts.models import Account
from guatu.server.accounts.queries import sign_in_rules
from guatu.server.accounts.second_factor_views import enter
from guatu.server.record.actions import append

PROVIDER = "city"
"""The one provider of the site, as it stands in the address of the return."""


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """One provider, from the rules of signing in; nobody signs up."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        rules = sign_in_rules()
        if not rules.oidc or provider not in (None, PROVIDER, "openid_connect"):
            return []
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=PROVIDER,
                name=rules.oidc_name,
                client_id=rules.oidc_client,
                secret=settings.GUATU_OIDC_SECRET,
                settings={"server_url": rules.oidc_issuer, "oauth_pkce_enabled": True},
            )
        ]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Sign the linked account in, or refuse in words; allauth's own pages are never reached."""
        account = _account_of(sociallogin)
        if account is None:
            messages.error(
                request,
                _("统一身份认证已通过，但这里没有对应的、启用的账号；请与系统管理员联系。"),
            )
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("sign-in")))
        raise ImmediateHttpResponse(enter(request, account, resolve_url(settings.LOGIN_REDIRECT_URL)))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **more: Any
    ) -> None:
        """Lead back to the sign-in with a sentence."""
        raise ImmediateHttpResponse(_failed(request))


def _failed(request: HttpRequest) -> HttpResponseRedirect:
    messages.error(request, _("统一身份认证没有成功；可以再试，或用密码登录。"))
    return HttpResponseRedirect(reverse("sign-in"))


class CheckedAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Believes what the issuer says of a person only with its signature.

    allauth does without where the token came over TLS; on an intranet the issuer may speak plain HTTP.
    """

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        self.did_fetch_access_token = False
        found: dict[str, Any] = super()._decode_id_token(app, id_token)
        return found


def go(request: HttpRequest, provider_id: str) -> Any:
    """Lead to the issuer."""
    return OAuth2LoginView.adapter_view(CheckedAdapter(request, provider_id))(request)


def come_back(request: HttpRequest, provider_id: str) -> Any:
    """Take up whom the issuer names."""
    return OAuth2CallbackView.adapter_view(CheckedAdapter(request, provider_id))(request)


@transaction.atomic
def _account_of(sociallogin: SocialLogin) -> Account | None:
    """The open account that is linked to the issuer's person, linked now where the user names agree."""
    uid = sociallogin.account.uid
    linked = SocialAccount.objects.filter(provider=PROVIDER, uid=uid).select_related("user__person").first()
    if linked is not None:
        return linked.user if linked.user.is_active else None
    data = sociallogin.account.extra_data
    claims = data.get("userinfo") or data.get("id_token") or data
    username = str(claims.get("preferred_username") or "")
    account = Account.objects.filter(username__iexact=username, is_active=True).first() if username else None
    if account is None or SocialAccount.objects.filter(provider=PROVIDER, user=account).exists():
        return None
    SocialAccount.objects.create(user=account, provider=PROVIDER, uid=uid, extra_data={})
    append(
        actor=account,
        action="single_sign_on.linked",
        subject_kind="account",
        subject_id=account.username,
        after={"issuer": sign_in_rules().oidc_issuer},
    )
    return account


def refuse_while_off(view: Any) -> Any:
    """The view, not there at all while single sign-on is switched off; an issuer that cannot be reached leads back
    to the sign-in."""

    def guarded(request: HttpRequest, provider_id: str) -> Any:
        if not sign_in_rules().oidc or provider_id != PROVIDER:
            raise Http404
        try:
            return view(request, provider_id)
        except RequestException:
            return _failed(request)

    return guarded
