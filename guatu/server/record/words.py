"""An entry in words: its action, its subject, what changed field by field. A new action or field gets its word here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guatu.server.record.chain import SUBSTITUTE
from guatu.server.record.field_words import FIELDS, LABELS, MONEY
from guatu.server.record.models import Entry, PersonalValue
from guatu.values import Period, date_text, money_text

ACTIONS: Final[Mapping[str, str]] = {
    "region.added": gettext_noop("新增辖区"),
    "organisation.added": gettext_noop("新增单位"),
    "appointment.began": gettext_noop("任职"),
    "appointment.ended": gettext_noop("免职"),
    "post.role_given": gettext_noop("给职务授权"),
    "account.opened": gettext_noop("开账号"),
    "account.closed": gettext_noop("停用账号"),
    "account.reopened": gettext_noop("重新启用账号"),
    "account.unlocked": gettext_noop("解锁账号"),
    "organisation.changed": gettext_noop("修改单位"),
    "person.changed": gettext_noop("修改人员"),
    "roster.taken_over": gettext_noop("按名册开账号"),
    "password.changed": gettext_noop("修改密码"),
    "password.reset": gettext_noop("重置密码"),
    "session.ended": gettext_noop("结束登录"),
    "sign_in_rules.changed": gettext_noop("修改登录规则"),
    "duties.handed_over": gettext_noop("移交责任"),
    "duty.assigned": gettext_noop("指定责任"),
    "second_factor.registered": gettext_noop("登记第二步验证"),
    "second_factor.removed": gettext_noop("取消第二步验证"),
    "token.made": gettext_noop("做接口令牌"),
    "token.withdrawn": gettext_noop("作废接口令牌"),
    "single_sign_on.linked": gettext_noop("关联统一身份认证"),
    "ledger.imported": gettext_noop("导入台账"),
    "plan.changed": gettext_noop("调整年度计划"),
    "reports.imported": gettext_noop("导入月报"),
    "report.begun": gettext_noop("开始填报告"),
    "report.files_attached": gettext_noop("附照片或短视频"),
    "report.file_described": gettext_noop("改附件的说明"),
    "report.file_taken_off": gettext_noop("移除附件"),
    "report.handed_in": gettext_noop("提交报告"),
    "report.withdrawn": gettext_noop("撤回报告"),
    "report.returned": gettext_noop("退回报告"),
    "report.correction_begun": gettext_noop("更正报告"),
    "report.discarded": gettext_noop("删去未报的草稿"),
    "reports.signed": gettext_noop("签发报告"),
    "reports.checked": gettext_noop("审核报告"),
    "reports.accepted": gettext_noop("采用报告"),
    "questions.put": gettext_noop("提出疑问"),
    "question.answered": gettext_noop("答复疑问"),
    "month.judged": gettext_noop("评定"),
    "bulletin.edited": gettext_noop("修改通报文字"),
    "bulletin.restored": gettext_noop("恢复通报原文"),
    "change_plan.proposed": gettext_noop("提议调整年度计划"),
    "change_plan.accepted": gettext_noop("同意调整年度计划"),
    "change_plan.rejected": gettext_noop("不同意调整年度计划"),
    "facts.given": gettext_noop("上报数据"),
    "facts.imported": gettext_noop("导入数据"),
    "fact.taken_back": gettext_noop("收回数据"),
    "marks.given": gettext_noop("打分"),
    "ballots.handed_in": gettext_noop("录入选票"),
    "ballot.taken_back": gettext_noop("收回选票"),
    "give_mark.proposed": gettext_noop("提交打分"),
    "give_mark.accepted": gettext_noop("确认打分"),
    "give_mark.rejected": gettext_noop("不同意打分"),
    "import.received": gettext_noop("收到工作簿"),
    "import.saved": gettext_noop("确认导入"),
    "import.discarded": gettext_noop("放弃导入"),
    "import.taken_back": gettext_noop("收回导入"),
    "calendar.made": gettext_noop("生成日历地址"),
    "calendar.renewed": gettext_noop("更换日历地址"),
    "calendar.withdrawn": gettext_noop("作废日历地址"),
    "backup.made": gettext_noop("备份"),
    "backup.verified": gettext_noop("核验备份"),
    "backup_rules.changed": gettext_noop("修改备份规则"),
    "reminders.changed": gettext_noop("修改提醒方式"),
    "channel.added": gettext_noop("添加渠道"),
    "channel.changed": gettext_noop("修改渠道"),
    "channel.switched_on": gettext_noop("开通渠道"),
    "channel.switched_off": gettext_noop("关闭渠道"),
    "channel.tried": gettext_noop("试发消息"),
    "sign_year_file.proposed": gettext_noop("汇编年度考核档案，提请签发"),
    "sign_year_file.accepted": gettext_noop("签发年度考核档案"),
    "sign_year_file.rejected": gettext_noop("不予签发年度考核档案"),
    "view.saved": gettext_noop("保存视图"),
    "view.renamed": gettext_noop("给视图改名"),
    "view.shared": gettext_noop("共享视图"),
    "view.moved": gettext_noop("移动视图"),
    "view.deleted": gettext_noop("删除视图"),
    "view.begun_with": gettext_noop("选为打开时先看的视图"),
    "view.not_begun_with": gettext_noop("不再先看这个视图"),
    "personal.deleted": gettext_noop("按期删除个人信息"),
    "access.pruned": gettext_noop("清理期满的访问日志"),
}
"""Action → what was done."""

SUBJECTS: Final[Mapping[str, str]] = {
    "region": gettext_noop("辖区"),
    "organisation": gettext_noop("单位"),
    "person": gettext_noop("人员"),
    "post": gettext_noop("职务"),
    "account": gettext_noop("账号"),
    "roster": gettext_noop("名册"),
    "sign_in_rules": gettext_noop("登录规则"),
    "project": gettext_noop("项目"),
    "document": gettext_noop("依据文件"),
    "reports": gettext_noop("报告"),
    "report": gettext_noop("报告"),
    "questions": gettext_noop("一批疑问"),
    "question": gettext_noop("疑问"),
    "month": gettext_noop("月份"),
    "bulletin": gettext_noop("通报"),
    "proposal": gettext_noop("提议"),
    "import": gettext_noop("导入"),
    "fact": gettext_noop("数据"),
    "facts": gettext_noop("一批数据"),
    "ballots": gettext_noop("选票"),
    "channel": gettext_noop("渠道"),
    "backup": gettext_noop("备份"),
    "backup_rules": gettext_noop("备份规则"),
    "view": gettext_noop("视图"),
    "record": gettext_noop("留痕"),
    "access": gettext_noop("访问日志"),
}
"""Kind of subject → its name."""

HASH: Final = re.compile(r"[0-9a-f]{64}")
MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
PERSONAL: Final = re.compile(re.escape(SUBSTITUTE) + r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an entry in words. `before` is empty where the entry names no earlier state of it."""

    what: str
    before: str
    after: str

    @property
    def long(self) -> bool:
        """Whether it needs a line of its own."""
        return len(self.before) + len(self.after) > 16


@dataclass(frozen=True, slots=True)
class Beside:
    """The personal values beside the entries shown, by entry and digest, and whether the reader may see them."""

    values: Mapping[tuple[int, str], PersonalValue]
    shown: bool = False


NOTHING_BESIDE: Final = Beside({})


def action_words(action: str) -> str:
    """What was done, in words."""
    known = ACTIONS.get(action)
    return _(known) if known else _("其他操作")


def subject_words(entry: Entry) -> str:
    """The thing an entry is about: its kind, and its name or number."""
    known = SUBJECTS.get(entry.subject_kind)
    kind = _(known) if known else _("其他对象")
    if entry.subject_kind in ("record", "access"):
        return kind
    return f"{kind} {_text('subject_id', entry.subject_id)}"


def changes_of(entry: Entry, beside: Beside = NOTHING_BESIDE) -> list[Change]:
    """What an entry changed, field by field: before and after; what stayed the same is left out."""
    before, after = (_fields(json.loads(text)) for text in (entry.before, entry.after))
    found: list[Change] = []
    for key in dict.fromkeys((*before, *after)):
        old = value_words(key, before[key]) if key in before else ""
        new = value_words(key, after[key]) if key in after else ""
        if key in before and key in after and before[key] == after[key]:
            continue
        found.append(
            Change(
                field_words(key),
                personal_words(old, entry.sequence, beside),
                personal_words(new, entry.sequence, beside),
            )
        )
    return found


def _fields(value: Any, prefix: str = "") -> dict[str, Any]:
    """The fields of a state; a table inside it becomes fields of its own (`document.title`)."""
    if not isinstance(value, Mapping):
        return {}
    found: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, Mapping) and f"{prefix}{key}" not in COUNTED and key not in COUNTED:
            found |= _fields(item, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = item
    return found


COUNTED: Final = frozenset({"files", "questions"})
"""Tables whose keys are names of the office's own (files, kinds of finding) and not fields."""


def field_words(key: str) -> str:
    """The name of a field."""
    known = FIELDS.get(key) or FIELDS.get(key.rsplit(".", 1)[-1])
    return _(known) if known else _("其他内容")


def value_words(key: str, value: Any) -> str:
    """The value of a field in words, with its unit."""
    last = key.rsplit(".", 1)[-1]
    if value is None or value in ("", []):
        return _("空")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, int) and last in MONEY:
        return _("%s万元") % money_text(value, "万元", 0 if value % 1_000_000 == 0 else 2)
    if isinstance(value, Mapping):
        if last == "files":
            return "、".join(value) or _("空")
        return _("共 %d 项") % sum(item for item in value.values() if isinstance(item, int))
    if isinstance(value, list):
        if any(isinstance(item, list | Mapping) for item in value):
            return _("共 %d 项") % len(value)
        return "、".join(value_words(key, item) for item in value)
    return _text(last, str(value))


def _table(text: str) -> str:
    """A table that an entry holds as JSON (the votes of a ballot), in words; other texts as they are."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return "、".join(f"{key} {item}" for key, item in found.items()) if isinstance(found, Mapping) else text


def _text(key: str, text: str) -> str:
    label = LABELS.get(key, {}).get(text)
    if label:
        return str(label)
    if text.startswith("{"):
        return _table(text)
    if HASH.fullmatch(text):
        return f"{text[:12]}…"
    try:
        if DAY.fullmatch(text):
            return date_text(date.fromisoformat(text))
        if MONTH.fullmatch(text):
            return Period.parse(text).label
    except ValueError:
        return text
    return text


def personal_words(text: str, sequence: int, beside: Beside) -> str:
    """A text of an entry, with words in place of the digests of personal values: the value for who may see it."""

    def told(found: re.Match[str]) -> str:
        kept = beside.values.get((sequence, found[0]))
        if kept is None:
            return _("〔个人信息，只存摘要〕")
        if kept.deleted_on:
            return _("〔已按期删除〕")
        return kept.value if beside.shown else _("〔个人信息，不显示〕")

    return PERSONAL.sub(told, text)
