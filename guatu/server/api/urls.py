from __future__ import annotations

from django.urls import path

from guatu.server.api import views
from guatu.server.api.site import api

urlpatterns = [
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<int:identity>/withdraw/", views.token_withdraw, name="token-withdraw"),
    path("api/v1/", api.urls),
]
