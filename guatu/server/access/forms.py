"""What may be asked of the access log: days, account, what was done, address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guatu.server.access.models import Access


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("应写日期，例如 2023-10-13。")},
    )


class Asked(forms.Form):
    """The filters of the access log. Every one may be left open."""

    since = _day(gettext_lazy("从"))
    until = _day(gettext_lazy("到"))
    account = forms.CharField(label=gettext_lazy("账号或姓名"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=gettext_lazy("动作"),
        required=False,
        choices=[("", gettext_lazy("全部")), *Access.Kind.choices],
        error_messages={"invalid_choice": gettext_lazy("没有这一项，请从列表里选。")},
    )
    address = forms.CharField(label=gettext_lazy("地址"), required=False, max_length=45)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("since") and found.get("until") and found["until"] < found["since"]:
            self.add_error("until", _("不能早于起始日。"))
        return found
