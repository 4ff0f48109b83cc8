"""The names of the fields that entries hold, which of them are money, and the labels of coded values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop

from guatu.server.accounts.models import Organisation, Role
from guatu.server.messages.models import Channel, Preference, Told
from guatu.server.portfolio.models import Responsibility
from guatu.server.proposals.models import Proposal
from guatu.server.reporting.models import Question, Report

FIELDS: Final[Mapping[str, str]] = {
    "name": gettext_noop("名称"),
    "short_name": gettext_noop("简称"),
    "distinction": gettext_noop("区分"),
    "file": gettext_noop("文件"),
    "lines": gettext_noop("行数"),
    "accounts": gettext_noop("账号"),
    "attempts": gettext_noop("失败次数"),
    "min_length": gettext_noop("密码最短长度"),
    "not_last": gettext_noop("不得重复最近几次的密码"),
    "max_age_days": gettext_noop("密码最长使用天数"),
    "idle_minutes": gettext_noop("无操作自动退出（分钟）"),
    "totp": gettext_noop("动态口令"),
    "webauthn": gettext_noop("安全密钥"),
    "oidc": gettext_noop("统一身份认证"),
    "oidc_name": gettext_noop("统一身份认证名称"),
    "oidc_issuer": gettext_noop("签发地址"),
    "oidc_client": gettext_noop("应用标识"),
    "tokens": gettext_noop("接口令牌"),
    "writes": gettext_noop("可以办理"),
    "until": gettext_noop("用到"),
    "posts": gettext_noop("职务"),
    "duty": gettext_noop("责任"),
    "stated": gettext_noop("责任人"),
    "parent": gettext_noop("上级"),
    "aliases": gettext_noop("又名"),
    "kind": gettext_noop("类别"),
    "region": gettext_noop("辖区"),
    "post": gettext_noop("职务"),
    "organisation": gettext_noop("单位"),
    "role": gettext_noop("角色"),
    "asked": gettext_noop("待授的角色"),
    "from": gettext_noop("任职日"),
    "to": gettext_noop("免职日"),
    "person": gettext_noop("人员"),
    "active": gettext_noop("启用"),
    "issuer": gettext_noop("签发地址"),
    "kinds": gettext_noop("种类"),
    "document": gettext_noop("依据文件"),
    "number": gettext_noop("文号"),
    "title": gettext_noop("标题"),
    "day": gettext_noop("日期"),
    "valid_from": gettext_noop("生效日"),
    "year": gettext_noop("年度"),
    "projects": gettext_noop("项目（个）"),
    "facts": gettext_noop("数据（处）"),
    "plans": gettext_noop("更新计划（个）"),
    "files": gettext_noop("文件"),
    "digest": gettext_noop("内容摘要"),
    "caption": gettext_noop("说明"),
    "place_and_time_changed": gettext_noop("拍摄时间或地点有改动"),
    "amount": gettext_noop("计划投资"),
    "cumulative": gettext_noop("分月累计计划"),
    "versions": gettext_noop("新的月报（份）"),
    "reports": gettext_noop("月报（份）"),
    "version": gettext_noop("版本"),
    "reasons": gettext_noop("对存疑的说明"),
    "returned_as": gettext_noop("退回前"),
    "whole": gettext_noop("整本台账"),
    "preview": gettext_noop("预览摘要"),
    "entries": gettext_noop("留痕条目"),
    "unknown": gettext_noop("未知项目（个）"),
    "questions": gettext_noop("疑问"),
    "status": gettext_noop("状态"),
    "answer": gettext_noop("答复"),
    "as_of": gettext_noop("数据截至"),
    "scheme": gettext_noop("方案"),
    "scheme_digest": gettext_noop("方案摘要"),
    "facts_digest": gettext_noop("数据摘要"),
    "bundle_digest": gettext_noop("复算包摘要"),
    "rankings": gettext_noop("名次"),
    "key": gettext_noop("段落"),
    "text": gettext_noop("文字"),
    "project": gettext_noop("项目"),
    "decision": gettext_noop("决定"),
    "phone": gettext_noop("联系电话"),
    "personal_values": gettext_noop("个人信息（条）"),
    "channel": gettext_noop("渠道"),
    "nightly": gettext_noop("每天自动备份"),
    "keep": gettext_noop("保留最近几份"),
    "good": gettext_noop("完好"),
    "address": gettext_noop("地址"),
    "email": gettext_noop("邮箱"),
    "rhythm": gettext_noop("多久一次"),
    "muted": gettext_noop("不要的提醒"),
    "value": gettext_noop("数值"),
    "values": gettext_noop("数值"),
    "checked": gettext_noop("已确认"),
    "ballots": gettext_noop("选票（张）"),
    "voter": gettext_noop("投票人"),
    "voters": gettext_noop("投票人"),
    "votes": gettext_noop("票"),
    "due_before": gettext_noop("保存期满于此前"),
    "rows": gettext_noop("访问日志（条）"),
    "before": gettext_noop("早于"),
}
"""Field → its name. The name of a field inside a table (`document.title`) is that of its last part."""

MONEY: Final = frozenset({"amount", "cumulative"})
"""Fields whose whole numbers are 分."""

LABELS: Final[Mapping[str, Mapping[str, Any]]] = {
    "duty": dict(Responsibility.Duty.choices),
    "role": dict(Role.choices),
    "returned_as": dict(Report.State.choices),
    "asked": dict(Role.choices),
    "kind": dict(Organisation.Kind.choices) | dict(Channel.Kind.choices),
    "rhythm": dict(Preference.Rhythm.choices),
    "muted": dict(Told.choices),
    "status": dict(Question.Status.choices),
    "decision": dict(Proposal.Decision.choices),
}
"""Field → the labels of its coded values."""
