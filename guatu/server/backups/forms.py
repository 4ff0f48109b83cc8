"""How often a backup is made by itself."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class RulesForm(forms.Form):
    """Every night or not, and how many are kept."""

    nightly = forms.BooleanField(label=gettext_lazy("每天自动备份一次"), required=False)
    keep = forms.IntegerField(
        label=gettext_lazy("保留最近几份"),
        min_value=1,
        max_value=365,
        help_text=gettext_lazy("只删自动备份的旧文件；手工做的一直留着"),
    )
