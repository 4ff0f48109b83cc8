"""The words of messages: one for all that is new; no telephone number, whoever wrote it where."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guatu.messages.news import Matter, news
from guatu.messages.wording import NUMBER, Silent, group_text, personal_text, without_numbers

LATE = Matter("soon", ("fill.2023-09",), "填报 9 月月报", "还有 2 个项目未提交", "/reports/", -3)
SIGN = Matter(
    "waiting", ("sign.2023-09.a.1", "sign.2023-09.b.1"), "9 月月报待签发", "2 份", "/reports/", None
)


def test_one_message_tells_everything_under_its_headings() -> None:
    found = news([SIGN, LATE], {"sign.2023-09.a.1:open"}, before=2)
    text = personal_text(found, 1, "https://guatu.example.cn")
    assert text.title == "挂图提醒：填报 9 月月报等 2 项"
    assert text.body.splitlines() == [
        "【逾期】",
        "· 填报 9 月月报：还有 2 个项目未提交（超 3 个工作日）",
        "【等您签发、审核或采用】",
        "· 9 月月报待签发：2 份，其中新到 1 份",
        "另有 1 项以前说过，仍在待办里。",
        "打开网站办理：https://guatu.example.cn/todo/",
    ]


def test_without_an_address_of_its_own_the_site_is_not_named() -> None:
    assert "打开网站" not in personal_text(news([SIGN], set(), before=2), 0, "").body


def test_a_group_reads_units_and_numbers() -> None:
    silent = Silent("2023年9月", -1, (("东岭县交通运输局", 2), ("西原区教育局", 1)))
    text = group_text("东岭县", silent, "")
    assert text.body == (
        "东岭县范围内，2023年9月月报还有 3 个项目没有报送（超 1 个工作日）。\n东岭县交通运输局 2 个、西原区教育局 1 个。"
    )


def test_of_many_units_the_first_are_named_and_the_others_counted() -> None:
    silent = Silent("2023年9月", 0, tuple((f"单位{n}", 1) for n in range(20)))
    assert silent.words.endswith("单位11 1 个等 20 家单位")


def test_codes_of_projects_are_no_telephone_numbers() -> None:
    code = "2023-130901-54-01-000001"
    assert without_numbers(code) == code


mobile = st.from_regex(r"\A1[3-9][0-9]{9}\Z")
landline = st.from_regex(r"\A0[0-9]{2,3}-[0-9]{7,8}\Z")


@given(mobile | landline)
def test_no_telephone_number_leaves_in_a_message(number: str) -> None:
    title = f"某项目（联系人{number}）"
    text = personal_text(news([Matter("waiting", ("a",), title, number, "/", None)], set(), before=2), 0, "")
    group = group_text(title, Silent("9月", 0, ((title, 1),)), "")
    for words in (text.title, text.body, group.body):
        assert number not in words
        assert not NUMBER.search(words)
