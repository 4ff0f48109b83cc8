"""Regions, organisations, people, the posts they hold, and accounts."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def from_to(name: str) -> models.CheckConstraint:
    """The constraint that `valid_to`, where stated, is not before `valid_from`. Both days count."""
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
        name=name,
    )


def in_force(day: date, prefix: str = "") -> Q:
    """The condition that a from–to row is in force on `day`; both its ends count, a missing end is open."""
    return (Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": day})) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )


class Region(models.Model):
    """A node of the administrative tree (辖区): city → county → town. Codes change by year, so they have days."""

    code = models.CharField(_("区划代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级辖区")
    )
    path = models.CharField(_("层级路径"), max_length=120, db_index=True)
    position = models.PositiveIntegerField(_("次序"), default=0)
    valid_from = models.DateField(_("启用日"), null=True, blank=True)
    valid_to = models.DateField(_("停用日"), null=True, blank=True)

    class Meta:
        ordering = ("position", "code")
        constraints = (from_to("region_from_to"),)

    def __str__(self) -> str:
        return self.name


class RegionAlias(models.Model):
    """Another way in which ledgers write a region's name (高新区 for 高新技术产业开发区)."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="aliases", verbose_name=_("辖区"))
    name = models.CharField(_("又名"), max_length=60, unique=True)

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A unit (单位): an office, department, county or town government, project company …"""

    class Kind(models.TextChoices):
        OFFICE = "office", _("重点办")
        LEADERSHIP = "leadership", _("领导班子")
        DEPARTMENT = "department", _("市直部门")
        COUNTY = "county", _("县（市、区）")
        TOWN = "town", _("乡镇（街道）")
        UNIT = "unit", _("责任单位")
        COMPANY = "company", _("项目单位")

    name = models.CharField(_("单位名称"), max_length=120, unique=True)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)
    kind = models.CharField(_("单位类别"), max_length=12, choices=Kind)
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("辖区"),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("上级单位")
    )

    class Meta:
        ordering = ("kind", "name")

    def __str__(self) -> str:
        return self.short_name or self.name


class Person(models.Model):
    """A person by name. Two people of one name differ by `distinction` (for example the unit)."""

    name = models.CharField(_("姓名"), max_length=40)
    distinction = models.CharField(_("区分"), max_length=120, blank=True, default="")
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("name", "distinction"), name="person_once"),)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What an account may do; it follows from the posts that its person holds on the day."""

    OFFICE = "office", _("重点办")
    COUNTY = "county", _("县（市、区）")
    DEPARTMENT = "department", _("牵头部门")
    REPORTER = "reporter", _("填报单位")
    SIGNER = "signer", _("单位签发人")
    READER = "reader", _("只读")
    SYSTEM = "system", _("系统管理员")
    SECURITY = "security", _("安全管理员")
    AUDIT = "audit", _("审计管理员")


ADMINISTRATORS = frozenset({Role.SYSTEM, Role.SECURITY, Role.AUDIT})
"""The three administrators (三员): whoever is one of them is nothing else."""


class Post(models.Model):
    """A post (职务) in an organisation, and the role that whoever holds it has here.

    The role asked for gives no right; it counts once the security administrator has given it.
    """

    title = models.CharField(_("职务"), max_length=120)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="posts", verbose_name=_("单位")
    )
    role = models.CharField(_("角色"), max_length=12, choices=Role, blank=True, default="")
    asked = models.CharField(_("申请的角色"), max_length=12, choices=Role, blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("title", "organisation"), name="post_once"),)

    def __str__(self) -> str:
        return self.title


class Appointment(models.Model):
    """A person holds a post from a day to a day (both count; no end: still holds it)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("人员"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments", verbose_name=_("职务"))
    valid_from = models.DateField(_("任职日"))
    valid_to = models.DateField(_("免职日"), null=True, blank=True)

    class Meta:
        constraints = (
            from_to("appointment_from_to"),
            models.UniqueConstraint(fields=("person", "post", "valid_from"), name="appointment_once"),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.post}"


class AccountManager(BaseUserManager["Account"]):
    """Accounts come with their person: every page names the person."""

    def get_queryset(self) -> models.QuerySet[Account]:
        return super().get_queryset().select_related("person")

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """What a person signs in with. It has no rights of its own: they come from the person's posts."""

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="accounts", verbose_name=_("人员"))
    is_active = models.BooleanField(_("启用"), default=True)
    must_change = models.BooleanField(_("首次登录须改密码"), default=False)
    password_since = models.DateTimeField(_("密码设定时间"), null=True, blank=True)

    looking_back = False
    """Whether the page shows a past day (guatu.server.assessment.looking_back): its reader may then only read."""

    objects = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.person.name

    def get_short_name(self) -> str:
        return self.person.name


class FormerPassword(models.Model):
    """A password that an account had, as its hash: the last ones are not taken again."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="former_passwords")
    password = models.CharField(_("密码"), max_length=128)
    until = models.DateTimeField(_("用到"))

    class Meta:
        ordering = ("-until", "-id")

    def __str__(self) -> str:
        return f"{self.account} · {self.until}"


class SignedIn(models.Model):
    """One sign-in that still lasts: which browser, from where, since when, last active when."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="sessions", verbose_name=_("账号"))
    session = models.CharField(_("会话"), max_length=40, unique=True)
    began = models.DateTimeField(_("登录时间"))
    seen = models.DateTimeField(_("最近使用"))
    address = models.CharField(_("地址"), max_length=45, blank=True)
    agent = models.CharField(_("浏览器"), max_length=200, blank=True)

    class Meta:
        ordering = ("-seen", "-id")

    def __str__(self) -> str:
        return f"{self.account} · {self.began}"


class SignInRules(models.Model):
    """The rules of signing in: one row. Every further way of signing in is off until it is switched on."""

    min_length = models.PositiveSmallIntegerField(_("密码最短长度"), default=10)
    not_last = models.PositiveSmallIntegerField(_("不得重复最近几次的密码"), default=5)
    max_age_days = models.PositiveSmallIntegerField(_("密码最长使用天数"), default=90)
    idle_minutes = models.PositiveSmallIntegerField(_("无操作自动退出（分钟）"), default=30)
    totp = models.BooleanField(_("动态口令"), default=False)
    webauthn = models.BooleanField(_("安全密钥"), default=False)
    oidc = models.BooleanField(_("统一身份认证"), default=False)
    oidc_name = models.CharField(_("统一身份认证名称"), max_length=60, blank=True)
    oidc_issuer = models.URLField(_("签发地址"), blank=True)
    oidc_client = models.CharField(_("应用标识"), max_length=120, blank=True)
    tokens = models.BooleanField(_("接口令牌"), default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="sign_in_rules_once"),
            models.CheckConstraint(condition=Q(min_length__gte=8), name="sign_in_rules_length"),
            models.CheckConstraint(condition=Q(idle_minutes__gte=5), name="sign_in_rules_idle"),
        )

    def __str__(self) -> str:
        return "登录规则"
