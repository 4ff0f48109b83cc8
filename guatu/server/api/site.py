"""The API as one thing: its routers, its version, its refusals. Documented by /api/v1/openapi.json."""

from __future__ import annotations

from typing import Final

from ninja import NinjaAPI

from guatu.server.api.door import ByToken, refuse
from guatu.server.api.given import given
from guatu.server.api.kinds import kinds
from guatu.server.api.people import people
from guatu.server.api.projects import projects
from guatu.server.api.reports import reports
from guatu.server.api.results import results

api: Final = NinjaAPI(
    title="Guatu 挂图",
    version="1",
    description=(
        "程序按账号办事：能看什么、能办什么，与该账号登录后完全相同。请求头写 `Authorization: Bearer 令牌`。"
        "金额单位为万元；null 表示没有这个数，不是 0。"
    ),
    auth=ByToken(),
    docs_url=None,
    urls_namespace="api",
)
refuse(api)
for router in (people, projects, reports, kinds, given, results):
    api.add_router("", router)
