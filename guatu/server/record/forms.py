"""What may be asked of the record: days, person, action, subject."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guatu.server.record.words import ACTIONS, DAY, SUBJECTS


class DayInput(forms.DateInput):
    """A field for a day. What cannot be a day is not put back: a browser refuses to show it."""

    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        text = super().format_value(value)
        return text if text and DAY.fullmatch(text) else None


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=DayInput(format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("应写日期，例如 2023-10-13。")},
    )


class Days(forms.Form):
    """From a day to a day; both may be left open."""

    since = _day(gettext_lazy("从"))
    until = _day(gettext_lazy("到"))

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("since") and found.get("until") and found["until"] < found["since"]:
            self.add_error("until", _("不能早于起始日。"))
        return found


class Asked(Days):
    """The filters of the record page. Every one may be left open."""

    actor = forms.CharField(label=gettext_lazy("操作人"), required=False, max_length=100)
    action = forms.ChoiceField(label=gettext_lazy("操作"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("对象类别"), required=False)
    subject = forms.CharField(label=gettext_lazy("对象编号"), required=False, max_length=80)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        wrong = {"invalid_choice": _("没有这一项，请从列表里选。")}
        for name, words in (("action", ACTIONS), ("kind", SUBJECTS)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("全部")), *((key, _(word)) for key, word in words.items())]
            field.error_messages |= wrong
