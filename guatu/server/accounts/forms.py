"""What is filled in about organisations, people, posts and the rules of signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guatu.server.accounts.directory_queries import region_choices
from guatu.server.accounts.models import Account, Organisation, Region, Role

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Organisation]
    _RegionField = forms.ModelChoiceField[Region]
else:
    _ModelForm, _RegionField = forms.ModelForm, forms.ModelChoiceField


class Day(forms.DateField):
    """A day, chosen from a calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RegionChoice(_RegionField):
    """A region of the tree."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Region.objects.order_by("path"), **options)

    def label_from_instance(self, obj: Any) -> str:
        return "　" * (str(obj.path).count("/") - 2) + str(obj.name)


class OrganisationForm(_ModelForm):
    """An organisation, new or known."""

    region = RegionChoice(label=gettext_lazy("辖区"), required=False, empty_label=gettext_lazy("不属辖区"))
    parent_name = forms.CharField(
        label=gettext_lazy("上级单位"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("写全称；没有上级就空着"),
    )

    class Meta:
        model = Organisation
        fields = ("name", "short_name", "kind", "region")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk and self.instance.parent:
            self.initial["parent_name"] = self.instance.parent.name

    def clean_parent_name(self) -> str:
        """The parent, found by its full name."""
        name = str(self.cleaned_data["parent_name"]).strip()
        self.parent = Organisation.objects.filter(name=name).first() if name else None
        if name and self.parent is None:
            raise ValidationError(_("没有叫“%s”的单位，请写全称，或先添加它。") % name)
        return name


class PersonForm(forms.Form):
    """What is known of a person."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    distinction = forms.CharField(
        label=gettext_lazy("区分"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("同名的人靠它分开，例如所在单位"),
    )
    phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=40, required=False)


class AppointForm(forms.Form):
    """A person begins to hold a post of an organisation."""

    person = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    distinction = forms.CharField(
        label=gettext_lazy("区分"), max_length=120, required=False, help_text=gettext_lazy("有同名的人才要填")
    )
    title = forms.CharField(label=gettext_lazy("职务"), max_length=120)
    role = forms.ChoiceField(
        label=gettext_lazy("申请的角色"),
        choices=Role.choices,
        help_text=gettext_lazy("新职务的角色由安全管理员授权后才生效"),
    )
    valid_from = Day(label=gettext_lazy("任职日"))


class EndForm(forms.Form):
    """A person ceases to hold a post."""

    day = Day(label=gettext_lazy("免职日"), help_text=gettext_lazy("最后一天，当天仍任职"))
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=400)


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=400)


class RoleForm(forms.Form):
    """The role that a post is given."""

    role = forms.ChoiceField(choices=[("", gettext_lazy("不授权")), *Role.choices], required=False)
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=400, required=False)


class UploadForm(forms.Form):
    """The workbook of accounts."""

    file = forms.FileField(label=gettext_lazy("名单"))


class PasswordForm(forms.Form):
    """One's own new password: the old one, and the new one twice."""

    old = forms.CharField(
        label=gettext_lazy("现在的密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("新密码"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=gettext_lazy("再输一次新密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, account: Account, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.account = account

    def clean_old(self) -> str:
        old = str(self.cleaned_data["old"])
        if not self.account.check_password(old):
            raise ValidationError(_("现在的密码不对。"))
        return old

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        validate_password(new, self.account)
        return new

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", _("两次输入的新密码不同。"))
        return given


class PasswordRulesForm(forms.Form):
    """What the security administrator decides about passwords and idle sessions."""

    min_length = forms.IntegerField(label=gettext_lazy("密码最短长度"), min_value=8, max_value=64)
    not_last = forms.IntegerField(
        label=gettext_lazy("不得重复最近几次的密码"),
        min_value=0,
        max_value=24,
        help_text=gettext_lazy("0 为不限"),
    )
    max_age_days = forms.IntegerField(
        label=gettext_lazy("密码最长使用天数"), min_value=0, max_value=720, help_text=gettext_lazy("0 为不限")
    )
    idle_minutes = forms.IntegerField(
        label=gettext_lazy("无操作自动退出（分钟）"), min_value=5, max_value=720
    )
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=400)


class WaysForm(forms.Form):
    """Further ways of signing in, each switched on by name."""

    totp = forms.BooleanField(label=gettext_lazy("动态口令（手机应用）"), required=False)
    webauthn = forms.BooleanField(label=gettext_lazy("安全密钥"), required=False)
    oidc = forms.BooleanField(label=gettext_lazy("统一身份认证"), required=False)
    oidc_name = forms.CharField(
        label=gettext_lazy("统一身份认证名称"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("登录页按钮上的名称"),
    )
    oidc_issuer = forms.URLField(
        label=gettext_lazy("签发地址"), required=False, assume_scheme="https", widget=forms.TextInput
    )
    oidc_client = forms.CharField(label=gettext_lazy("应用标识"), max_length=120, required=False)
    tokens = forms.BooleanField(label=gettext_lazy("接口令牌"), required=False)
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=400)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("oidc"):
            for name in ("oidc_name", "oidc_issuer", "oidc_client"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("开统一身份认证要填这一项。"))
        return given


def regions_for_choice() -> list[tuple[str, str]]:
    """Code and indented name of every region, for a list to choose from."""
    return [(region.code, name) for region, name in region_choices()]
