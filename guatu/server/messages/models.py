"""What reminds a person outside the site."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guatu.server.accounts.models import Account, Organisation


class CalendarAddress(models.Model):
    """The private address under which an account's calendar is read without a session; at most one.

    `digest` is the SHA-256 of the secret in the address; the secret itself is shown once and kept nowhere.
    """

    account = models.OneToOneField(
        Account, models.CASCADE, related_name="calendar_address", verbose_name=_("账号")
    )
    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    since = models.DateTimeField(_("生成时间"))
    fetched = models.DateTimeField(_("最近读取"), null=True)

    def __str__(self) -> str:
        return f"{self.account} · {self.since}"


class Channel(models.Model):
    """A way by which messages leave the site (渠道): off until the system administrator switches it on by name.

    Mail and the webhook reach a person, robots the group of an organisation. `sealed` holds where and with which
    secret, encrypted (`guatu.server.messages.sealed`); `shown` is what may be shown of it.
    """

    class Kind(models.TextChoices):
        MAIL = "mail", _("电子邮件")
        WEBHOOK = "webhook", _("统一消息平台（Webhook）")
        DINGTALK = "dingtalk", _("钉钉群机器人")
        WECOM = "wecom", _("企业微信群机器人")
        FEISHU = "feishu", _("飞书群机器人")

    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    name = models.CharField(_("名称"), max_length=60, unique=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="channels", verbose_name=_("单位")
    )
    on = models.BooleanField(_("已开通"), default=False)
    sealed = models.TextField(_("地址和密钥"))
    shown = models.CharField(_("地址"), max_length=200)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("mail", "webhook"), organisation=None)
                | (Q(kind__in=("dingtalk", "wecom", "feishu")) & Q(organisation__isnull=False)),
                name="channel_of_people_or_group",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def to_people(self) -> bool:
        """Whether it reaches persons; else the group of its organisation."""
        return self.kind in PERSONAL


PERSONAL: Final = frozenset({Channel.Kind.MAIL, Channel.Kind.WEBHOOK})
"""The kinds of channel that reach a person."""


class Told(models.TextChoices):
    """What a person may hear of: the manners of `guatu.messages.news`."""

    OVERDUE = "overdue", _("逾期没有办的")
    RETURNED = "returned", _("被退回的")
    WAITING = "waiting", _("等我签发、审核或采用的")
    SOON = "soon", _("快到期的")
    MISSING = "missing", _("我管的范围内还没有报的")


class Preference(models.Model):
    """How one person wants to be reminded; without a row, or without a channel, he is not.

    `mail` is where to, for channels that write mail; `muted` what he does not want to hear of (JSON).
    """

    class Rhythm(models.TextChoices):
        AT_ONCE = "at_once", _("有新情况就提醒")
        DAILY = "daily", _("每个工作日一次")
        WEEKLY = "weekly", _("每周一次")

    account = models.OneToOneField(
        Account, models.CASCADE, related_name="reminder_preference", verbose_name=_("账号")
    )
    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, related_name="preferences", verbose_name=_("渠道")
    )
    mail = models.CharField(_("邮箱"), max_length=120, blank=True)
    rhythm = models.CharField(_("多久一次"), max_length=8, choices=Rhythm, default=Rhythm.DAILY)
    muted = models.TextField(_("不要的提醒"), default="[]")

    def __str__(self) -> str:
        return f"{self.account} · {self.channel}"


class Message(models.Model):
    """One message on its way (发件箱): to a person, or to the group of a channel's organisation.

    Held until `next_try`, claimed by one process at a time (`claimed`), then sent or, after so many tries, given up.
    Only the recipient reads its text. `trial`: the administrator's own, to see whether a channel works.
    """

    class State(models.TextChoices):
        HELD = "held", _("待发")
        SENDING = "sending", _("正在发")
        SENT = "sent", _("已发")
        FAILED = "failed", _("没有发成")
        DROPPED = "dropped", _("不必再发")

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="messages", verbose_name=_("渠道"))
    account = models.ForeignKey(
        Account, models.CASCADE, null=True, related_name="messages", verbose_name=_("收件人")
    )
    to = models.CharField(_("送往"), max_length=120, blank=True)
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"))
    trial = models.BooleanField(_("试发"), default=False)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.HELD)
    made = models.DateTimeField(_("生成时间"))
    next_try = models.DateTimeField(_("何时发送"))
    tries = models.PositiveSmallIntegerField(_("次数"), default=0)
    claimed = models.DateTimeField(_("开始发送"), null=True)
    sent = models.DateTimeField(_("发出时间"), null=True)
    why = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("state", "next_try"), name="message_by_state"),
            models.Index(fields=("account", "id"), name="message_by_account"),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"


class Said(models.Model):
    """What a message says, thing by thing, so that nobody hears it twice by the same channel's recipient."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="said", verbose_name=_("消息"))
    recipient = models.CharField(_("收件人"), max_length=40)
    key = models.CharField(_("事项"), max_length=160)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("recipient", "key"), name="said_once"),)

    def __str__(self) -> str:
        return f"{self.recipient} {self.key}"
