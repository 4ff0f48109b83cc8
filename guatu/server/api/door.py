"""The door of the API: who comes with a token, what is refused and in which words."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as ShapeError
from ninja.security import HttpBearer

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import may_open
from guatu.server.api.actions import note_used
from guatu.server.api.queries import token_by
from guatu.server.reporting.filling import EditedMeanwhile

READING: Final = ("GET", "HEAD")


class ByToken(HttpBearer):
    """Lets in whoever holds a token: from here on the request is the account's own, as if it had signed in.

    A session does not open the API, so that no other site can use the browser of somebody who has signed in.
    """

    def authenticate(self, request: HttpRequest, token: str) -> Account | None:
        """The account of the token; None is answered with 401. Raises PermissionDenied for what it may not do."""
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404(_("地址里有不能用的字符。"))
        found = token_by(token)
        if found is None:
            return None
        note_used(found)
        account = found.account
        # The access log asks who the request was by this name.
        request.user = request._cached_user = account  # type: ignore[attr-defined]
        if request.method not in READING and not found.writes:
            raise PermissionDenied(_("这个令牌只能读；要办理请另做一个可以办理的令牌。"))
        name = request.resolver_match.url_name if request.resolver_match else None
        if not may_open(account, name or ""):
            raise PermissionDenied(_("您现任的职务不办这件事。"))
        return account


def _shape_words(error: dict[str, Any]) -> str:
    kind = str(error["type"])
    if kind == "missing":
        return _("必须写这一项。")
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return _("没有这一项。")
    wanted = {"int": _("整数"), "bool": _("true 或 false"), "date": _("日期，例如 2023-10-15"), "string": _("文字"),
              "dict": _("对象"), "list": _("数组")}  # fmt: skip
    for word, expected in wanted.items():
        if kind.startswith(word):
            return _("这里应为{expected}。").format(expected=expected)
    return _("这里写的不是允许的值。")


def refuse(api: NinjaAPI) -> None:
    """Answer every refusal of `api` as `{"errors": [{"place", "message"}]}`, in the words of the pages."""

    def answer(request: HttpRequest, status: int, *errors: tuple[str, str], **more: Any) -> HttpResponse:
        told = [{"place": place, "message": message} for place, message in errors]
        return api.create_response(request, {"errors": told, **more}, status=status)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        answered = answer(
            request, HTTPStatus.UNAUTHORIZED, ("token", _("没有这个令牌，或它已到期、作废，或接口没有开。"))
        )
        answered["WWW-Authenticate"] = "Bearer"
        return answered

    @api.exception_handler(PermissionDenied)
    def denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return answer(request, HTTPStatus.FORBIDDEN, ("", str(error) or _("您现任的职务不办这件事。")))

    @api.exception_handler(Http404)
    def absent(request: HttpRequest, error: Http404) -> HttpResponse:
        return answer(request, HTTPStatus.NOT_FOUND, ("", str(error) or _("没有这一项。")))

    @api.exception_handler(ValidationError)
    def wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, *(("", words) for words in error.messages))

    @api.exception_handler(ShapeError)
    def misshapen(request: HttpRequest, error: ShapeError) -> HttpResponse:
        errors = [(".".join(map(str, one["loc"])), _shape_words(one)) for one in error.errors]
        return answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, *errors)

    @api.exception_handler(EditedMeanwhile)
    def overtaken(request: HttpRequest, error: EditedMeanwhile) -> HttpResponse:
        now = error.draft.edition if error.draft else 0
        return answer(
            request,
            HTTPStatus.CONFLICT,
            ("edition", _("别人已改过这份月报；请先取回现在的一版，再决定怎样改。")),
            edition=now,
        )

    @api.exception_handler(HttpError)
    def plain(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(request, error.status_code, ("", str(error)))
