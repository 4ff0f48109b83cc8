"""The pages of the site and the answers to a request, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

PAGES: Final[Mapping[str, str]] = {
    "overview": gettext_noop("总览"),
    "home": gettext_noop("首页"),
    "todo": gettext_noop("待办"),
    "set-period": gettext_noop("选择期别"),
    "ledger": gettext_noop("项目台账"),
    "ledger-export": gettext_noop("导出项目台账"),
    "ledger-columns": gettext_noop("选择台账的列"),
    "project": gettext_noop("项目"),
    "project-record": gettext_noop("项目的留痕"),
    "ranking": gettext_noop("考核排名"),
    "assessment": gettext_noop("考核得分"),
    "score": gettext_noop("得分的算法"),
    "bulletin": gettext_noop("通报"),
    "bulletin-edit": gettext_noop("修改通报"),
    "bulletin-restore": gettext_noop("恢复通报原文"),
    "bulletin-docx": gettext_noop("下载通报"),
    "month-workbook": gettext_noop("下载数据表"),
    "month-bundle": gettext_noop("下载复算包"),
    "reminder": gettext_noop("催报"),
    "reminder-letter": gettext_noop("下载催报函"),
    "scheme": gettext_noop("方案"),
    "judge": gettext_noop("判定"),
    "organisations": gettext_noop("单位"),
    "organisation": gettext_noop("一个单位"),
    "organisation-add": gettext_noop("新增单位"),
    "organisation-appoint": gettext_noop("任职"),
    "appointment-end": gettext_noop("免职"),
    "person": gettext_noop("人员"),
    "accounts": gettext_noop("账号"),
    "account-change": gettext_noop("改动账号"),
    "roster-template": gettext_noop("下载名册样表"),
    "roster-upload": gettext_noop("上传名册"),
    "roster-confirm": gettext_noop("按名册开账号"),
    "rights": gettext_noop("授权"),
    "rights-give": gettext_noop("给职务授权"),
    "own-account": gettext_noop("我的账号"),
    "own-password": gettext_noop("修改密码"),
    "session-end": gettext_noop("结束登录"),
    "hand-over": gettext_noop("移交责任"),
    "project-answers": gettext_noop("项目责任人"),
    "manual": gettext_noop("工作手册"),
    "manual-docx": gettext_noop("下载工作手册"),
    "reminders": gettext_noop("我的提醒"),
    "calendar-make": gettext_noop("生成日历地址"),
    "calendar-withdraw": gettext_noop("作废日历地址"),
    "calendar-download": gettext_noop("下载日历文件"),
    "calendar-feed": gettext_noop("订阅日历"),
    "tokens": gettext_noop("接口令牌"),
    "token-withdraw": gettext_noop("作废接口令牌"),
    "openapi-json": gettext_noop("接口说明"),
    "api-root": gettext_noop("接口"),
    "api-me": gettext_noop("接口：账号"),
    "api-todo": gettext_noop("接口：待办"),
    "api-organisations": gettext_noop("接口：单位"),
    "api-projects": gettext_noop("接口：项目台账"),
    "api-project": gettext_noop("接口：项目"),
    "api-project-record": gettext_noop("接口：项目的留痕"),
    "api-facts": gettext_noop("接口：要报的数据"),
    "api-fact": gettext_noop("接口：一项数据"),
    "api-fact-give": gettext_noop("接口：报数据"),
    "api-form": gettext_noop("接口：月报栏目"),
    "api-reports": gettext_noop("接口：一个月的月报"),
    "api-report": gettext_noop("接口：月报"),
    "api-report-save": gettext_noop("接口：存月报草稿"),
    "api-report-step": gettext_noop("接口：办理月报"),
    "api-months": gettext_noop("接口：评定过的月份"),
    "api-month": gettext_noop("接口：汇总数字"),
    "api-lights": gettext_noop("接口：红黄灯"),
    "api-rankings": gettext_noop("接口：排名"),
    "api-assessments": gettext_noop("接口：得分"),
    "channels": gettext_noop("消息渠道"),
    "channel-add": gettext_noop("添加渠道"),
    "channel": gettext_noop("一个渠道"),
    "channel-switch": gettext_noop("开关渠道"),
    "channel-try": gettext_noop("试发消息"),
    "outbox": gettext_noop("发件箱"),
    "backups": gettext_noop("备份"),
    "backup-make": gettext_noop("现在备份"),
    "backup-rules": gettext_noop("修改备份规则"),
    "backup-verify": gettext_noop("核验备份"),
    "laboratory": gettext_noop("方案实验室"),
    "imports": gettext_noop("导入"),
    "import": gettext_noop("一次导入"),
    "import-again": gettext_noop("重读工作簿"),
    "import-save": gettext_noop("确认导入"),
    "import-discard": gettext_noop("放弃导入"),
    "import-take-back": gettext_noop("收回导入"),
    "import-workbook": gettext_noop("下载导入预览"),
    "record": gettext_noop("留痕"),
    "record-jsonl": gettext_noop("导出全部留痕"),
    "record-workbook": gettext_noop("导出所列留痕"),
    "access-log": gettext_noop("访问日志"),
    "sign-in-rules": gettext_noop("登录规则"),
    "sign-in-ways": gettext_noop("登录方式"),
    "second-factor": gettext_noop("第二步验证"),
    "second-factor-remove": gettext_noop("取消第二步验证"),
    "totp": gettext_noop("登记动态口令"),
    "security-key": gettext_noop("登记安全密钥"),
    "openid_connect_login": gettext_noop("统一身份认证"),
    "openid_connect_callback": gettext_noop("统一身份认证返回"),
    "given": gettext_noop("评分与数据"),
    "given-import": gettext_noop("导入数据"),
    "given-mark": gettext_noop("确认打分"),
    "given-fact": gettext_noop("数据"),
    "given-versions": gettext_noop("数据的各版"),
    "given-take-back": gettext_noop("收回数据"),
    "given-thing": gettext_noop("一个对象的数据"),
    "ballot": gettext_noop("选票"),
    "ballot-check": gettext_noop("核对选票"),
    "ballot-take-back": gettext_noop("收回选票"),
    "reports": gettext_noop("填报"),
    "reports-month": gettext_noop("一个月的填报"),
    "reports-pass": gettext_noop("成批签发或审核"),
    "reports-grid": gettext_noop("成表填报"),
    "reports-form": gettext_noop("下载填报表"),
    "reports-upload": gettext_noop("上传填报表"),
    "report": gettext_noop("项目月报"),
    "report-attach": gettext_noop("附照片或短视频"),
    "attachment": gettext_noop("下载附件"),
    "attachment-small": gettext_noop("附件的缩图"),
    "attachment-change": gettext_noop("改附件的说明或移除"),
    "reports-at-once": gettext_noop("即时报和各期的报告"),
    "reports-begin": gettext_noop("发起即时报"),
    "reports-kind-pass": gettext_noop("成批签发或审核"),
    "reports-term": gettext_noop("一期的填报"),
    "reports-term-grid": gettext_noop("成表填报"),
    "report-of-kind": gettext_noop("项目的一份报告"),
    "sign-in": gettext_noop("登录"),
    "sign-out": gettext_noop("退出登录"),
}
"""Name of an address → what people call it."""

ANSWERS: Final[Mapping[int, str]] = {
    400: gettext_noop("没有接受"),
    403: gettext_noop("没有权限"),
    404: gettext_noop("没有这个页面"),
    429: gettext_noop("已锁定"),
}
"""Status → what the person was told, where it is not the page."""


def page_words(page: str) -> str:
    """What people call a page."""
    known = PAGES.get(page)
    return _(known) if known else _("其他页面")


def answer_words(status: int, failed: bool = False) -> str:
    """How a request was answered."""
    known = ANSWERS.get(status)
    if known:
        return _(known)
    if status >= 500:
        return _("出错")
    return _("账号或密码不对") if failed else _("完成")
