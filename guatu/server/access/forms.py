"""What may be asked of the access log: days, account, what was done, address."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from guatu.server.access.models import Access
from guatu.server.record.forms import Days


class Asked(Days):
    """The filters of the access log. Every one may be left open."""

    account = forms.CharField(label=gettext_lazy("账号或姓名"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=gettext_lazy("动作"),
        required=False,
        choices=[("", gettext_lazy("全部")), *Access.Kind.choices],
        error_messages={"invalid_choice": gettext_lazy("没有这一项，请从列表里选。")},
    )
    address = forms.CharField(label=gettext_lazy("地址"), required=False, max_length=45)
