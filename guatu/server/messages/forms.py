"""What is filled in about channels, and about how a person wants to be reminded."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guatu.server.accounts.models import Organisation
from guatu.server.messages.models import Channel, Preference, Told
from guatu.server.messages.queries import personal_channels
from guatu.server.messages.sealed import KeyLost, opened

SECURITY: Final = (
    ("ssl", gettext_lazy("SSL/TLS（多为 465 端口）")),
    ("starttls", gettext_lazy("STARTTLS（多为 587 端口）")),
    ("insecure", gettext_lazy("不加密（只限内网）")),
)
SHAPES: Final = {
    Channel.Kind.DINGTALK: ("oapi.dingtalk.com", "access_token"),
    Channel.Kind.WECOM: ("qyapi.weixin.qq.com", "key"),
    Channel.Kind.FEISHU: ("open.feishu.cn", ""),
}
"""Where the address of a robot leads, and the parameter that holds its key."""
SECRET: Final = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})


class MailForm(forms.Form):
    """A mail server."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    host = forms.CharField(label=gettext_lazy("邮件服务器（SMTP）"), max_length=120)
    port = forms.IntegerField(label=gettext_lazy("端口"), min_value=1, max_value=65535, initial=465)
    security = forms.ChoiceField(label=gettext_lazy("加密"), choices=SECURITY)
    user = forms.CharField(label=gettext_lazy("登录名"), max_length=120, required=False)
    password = forms.CharField(
        label=gettext_lazy("密码或授权码"), max_length=200, required=False, strip=False, widget=SECRET
    )
    sender = forms.EmailField(label=gettext_lazy("发件邮箱"), max_length=120)
    domains = forms.CharField(
        label=gettext_lazy("只发往这些域名"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("例如 gov.cn；几个之间用空格分开。空着就不限"),
    )

    def secrets(self) -> dict[str, str]:
        """What is sealed."""
        data = self.cleaned_data
        names = ("host", "port", "security", "user", "password", "sender", "domains")
        return {name: str(data[name] or "") for name in names}


class AddressForm(forms.Form):
    """A webhook, or a robot of a group: its address with the key in it."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    unit = forms.CharField(
        label=gettext_lazy("这个群是哪个单位的"),
        max_length=120,
        help_text=gettext_lazy("写单位全称；群里只说这个单位范围内的事"),
    )
    address = forms.CharField(label=gettext_lazy("Webhook 地址"), max_length=500, widget=SECRET)
    token = forms.CharField(
        label=gettext_lazy("加签密钥或口令"), max_length=200, required=False, widget=SECRET
    )

    def __init__(self, kind: str, *args: Any, known: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        self.organisation: Organisation | None = None
        if kind == Channel.Kind.WEBHOOK or known:
            del self.fields["unit"]
        if kind in (Channel.Kind.WECOM, Channel.Kind.FEISHU):
            del self.fields["token"]

    def clean_unit(self) -> str:
        """The unit, found by its full name."""
        name = str(self.cleaned_data["unit"]).strip()
        self.organisation = Organisation.objects.filter(name=name).first()
        if self.organisation is None:
            raise ValidationError(_("没有叫“%s”的单位，请写全称，或先添加它。") % name)
        return name

    def clean_address(self) -> str:
        """An address of the shape that the service gives out."""
        address = str(self.cleaned_data["address"]).strip()
        parts = urlsplit(address)
        host, parameter = SHAPES.get(Channel.Kind(self.kind), ("", ""))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValidationError(_("应以 https:// 开头，请整段复制服务给出的地址。"))
        if host and (parts.hostname != host or (parameter and parameter not in parse_qs(parts.query))):
            raise ValidationError(_("这不是这种机器人的地址，应以 https://%s/ 开头，请整段复制。") % host)
        return address

    def secrets(self) -> dict[str, str]:
        """What is sealed."""
        return {"address": self.cleaned_data["address"], "token": self.cleaned_data.get("token", "")}


def channel_form(kind: str, *args: Any, known: bool = False, **options: Any) -> MailForm | AddressForm:
    """The form of a kind of channel; `known`: it is one that exists, whose unit stays."""
    if kind == Channel.Kind.MAIL:
        return MailForm(*args, **options)
    return AddressForm(kind, *args, known=known, **options)


class TrialForm(forms.Form):
    """To whom a trial message goes."""

    to = forms.CharField(label=gettext_lazy("试发给"), max_length=120, required=False)

    def __init__(self, channel: Channel, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not channel.to_people:
            del self.fields["to"]
        elif channel.kind == Channel.Kind.MAIL:
            self.fields["to"] = forms.EmailField(label=gettext_lazy("试发到邮箱"), max_length=120)
        else:
            self.fields["to"].label = gettext_lazy("试发给用户名")


class PreferenceForm(forms.Form):
    """How a person wants to be reminded."""

    channel = forms.ModelChoiceField(
        Channel.objects.none(),
        label=gettext_lazy("用什么提醒"),
        required=False,
        empty_label=gettext_lazy("不提醒"),
    )
    mail = forms.CharField(label=gettext_lazy("我的邮箱"), max_length=120, required=False)
    rhythm = forms.ChoiceField(label=gettext_lazy("多久一次"), choices=Preference.Rhythm.choices)
    muted = forms.MultipleChoiceField(
        label=gettext_lazy("不要提醒"),
        choices=Told.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, compulsory: tuple[str, ...], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = self.fields["channel"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = personal_channels()
        muted = self.fields["muted"]
        assert isinstance(muted, forms.MultipleChoiceField)
        muted.choices = [(value, label) for value, label in Told.choices if value not in compulsory]

    def clean(self) -> dict[str, Any]:
        """Mail needs an address that the channel may write to."""
        data: dict[str, Any] = super().clean() or {}
        channel = data.get("channel")
        if channel is None or channel.kind != Channel.Kind.MAIL:
            return data
        mail = str(data.get("mail", "")).strip()
        try:
            EmailValidator(_("请写一个邮箱，例如 xingming@danwei.gov.cn。"))(mail)
            _refuse_domain(channel, mail)
        except ValidationError as error:
            self.add_error("mail", error)
        data["mail"] = mail
        return data


def _refuse_domain(channel: Channel, mail: str) -> None:
    try:
        domains = opened(channel.sealed)["domains"].split()
    except KeyLost:
        return
    domain = mail.rsplit("@", 1)[-1].lower()
    allowed = [one.lower().lstrip("@.") for one in domains]
    if allowed and not any(domain == one or domain.endswith(f".{one}") for one in allowed):
        raise ValidationError(_("这个渠道只发往 %s 的邮箱。") % "、".join(allowed))
