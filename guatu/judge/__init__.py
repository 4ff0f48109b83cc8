"""Judge a month: a scheme and the facts in; lights, ranks and workings out."""

from guatu.judge.month import Judged, judge_month

__all__ = ["Judged", "judge_month"]
