from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy

from guatu.server.clock import today


def in_half_a_year() -> date:
    return today() + timedelta(days=180)


class TokenForm(forms.Form):
    """A token for a program: what for, until when, and whether it may do more than read."""

    name = forms.CharField(
        label=gettext_lazy("用途"), max_length=60, help_text=gettext_lazy("例如：市数据中台每日取数")
    )
    until = forms.DateField(
        label=gettext_lazy("用到"),
        initial=in_half_a_year,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    writes = forms.BooleanField(label=gettext_lazy("可以填报和办理，不只是读"), required=False)
