"""What is asked when workbooks are handed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guatu.server.clock import today


class ReceiveForm(forms.Form):
    """The paper that the facts rest on, and from when they hold. The files are read by the view."""

    title = forms.CharField(label=_("依据文件"), max_length=200)
    number = forms.CharField(label=_("文号"), max_length=120, required=False)
    paper_day = forms.DateField(label=_("成文日期"))
    valid_from = forms.DateField(label=_("台账自哪天起生效"))
    year = forms.IntegerField(label=_("计划年度"), min_value=2000, max_value=2100)
    whole = forms.BooleanField(
        label=_("这是完整的台账：表里没有的列，原有数据按“不再列”处理"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = today()
        self.initial = {"paper_day": day, "valid_from": day, "year": day.year, **self.initial}
        for field in self.fields.values():
            field.error_messages["required"] = _("请填写%s。") % field.label
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
                field.error_messages["invalid"] = _("应写作 2023-01-18 这样的日期。")
        for name in self.errors:
            self.fields[name].widget.attrs["aria-invalid"] = "true"
