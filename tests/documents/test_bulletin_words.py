"""What a bulletin says, and what it does not say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guatu.documents.bulletin import compose_bulletin, opening
from guatu.documents.month import JudgedMonth
from guatu.documents.paper import Bulletin, Heading, Note, Paragraph, Table
from tests.documents.cast import COUNTIES, finding, light, lights, month, place, silent, summary


def words(of: JudgedMonth) -> str:
    """All headings, paragraphs and notes of the text, one per line."""
    blocks = compose_bulletin(of).blocks
    return "\n".join(block.text for block in blocks if not isinstance(block, Table))


def first_table(bulletin: Bulletin) -> Table:
    return next(block for block in bulletin.blocks if isinstance(block, Table))


def quiet(**changes: object) -> dict[str, object]:
    """A summary in which nobody is silent, late or has missed a start."""
    calm: dict[str, object] = {"silent": [], "late": [], "missed_starts": [], "contradictions": []}
    return summary() | calm | changes


def test_the_first_paragraph_states_the_city_in_figures() -> None:
    text = opening(month())
    assert "澜江市210个项目中在建148个" in text
    assert "年度计划投资1107.5亿元" in text
    assert "累计完成投资885.3亿元，占年度计划的79.9%，比序时进度（78.7%）快1.2个百分点" in text
    assert "应开工60个，已开工58个" in text
    assert "红灯4个、黄灯9个、蓝灯12个，正常123个" in text
    assert isinstance(compose_bulletin(month()).blocks[0], Paragraph)


def test_a_city_behind_its_schedule_is_said_to_be_slow() -> None:
    behind = summary()
    behind["state"] |= {"ahead_points": -3.4, "percent": 75.3}
    assert "比序时进度（78.7%）慢3.4个百分点" in opening(month(summary=behind))


def test_every_figure_of_the_opening_carries_its_clause() -> None:
    text = opening(month())
    assert text.count("（依据：澜江\u00a0") == 4
    assert "三（六）" in text


def test_counties_stand_in_the_order_of_their_places() -> None:
    table = first_table(compose_bulletin(month()))
    places = [int(row[0]) for row in table.rows]
    assert places == sorted(places)
    assert [row[2] for row in table.rows][:3] == ["松台区", "临浦市", "青栎县"]
    assert len(table.rows) == len(COUNTIES)


def test_ties_print_the_same_place() -> None:
    table = first_table(compose_bulletin(month()))
    tied = [row[0] for row in table.rows if row[5] == "81.18"]
    assert tied == ["5", "5"]
    assert "7" in [row[0] for row in table.rows]
    assert "数值相同的名次并列" in words(month())


def test_a_ranking_row_shows_money_rate_pace_and_light() -> None:
    rows = first_table(compose_bulletin(month())).rows
    assert rows[0] == ("1", "↑1", "松台区", "104.3", "118.6", "87.96", "+9.5", "○ 正常")
    assert rows[-1] == ("12", "–", "桐川满族自治县", "33.8", "51.3", "65.96", "−12.7", "▲ 黄")


def test_praise_names_the_first_three_and_what_they_did() -> None:
    text = words(month())
    assert "对松台区、临浦市、青栎县予以表扬" in text
    assert (
        "松台区列第1名，较上月上升1位，累计完成投资104.3亿元，完成年度计划的87.96%，比序时进度快9.5个百分点"
        in text
    )


def test_nobody_behind_the_schedule_is_praised() -> None:
    slow = [
        place("county", "石渡县", 100_000, 80_000, 70_000, 1, 2),
        place("county", "河阳县", 100_000, 80_000, 60_000, 2, 1),
    ]
    text = words(month(rankings=slow))
    assert "表扬" not in text


def test_the_number_of_praised_places_comes_from_the_scheme() -> None:
    one = replace(month().papers, praised_places=1)
    assert "对松台区予以表扬" in words(month(papers=one))
    none = replace(month().papers, praised_places=0)
    assert "表扬" not in words(month(papers=none))


def test_places_that_tie_for_the_last_praised_place_are_all_praised() -> None:
    rows = [
        place("county", "甲县", 1_000, 700, 900, 1, 1),
        place("county", "乙县", 1_000, 700, 850, 2, 2),
        place("county", "丙县", 1_000, 700, 800, 3, 3),
        place("county", "丁县", 1_000, 700, 800, 3, 4),
        place("county", "戊县", 1_000, 700, 760, 5, 5),
    ]
    assert "对甲县、乙县、丙县、丁县予以表扬" in words(month(rankings=rows))


def test_praise_that_rests_on_questioned_figures_says_so() -> None:
    rows = [
        place("county", "甲县", 1_000, 700, 900, 1, 1,
              without_questioned={"value": 61.0, "rank": 2, "previous_rank": 1}),
        place("county", "乙县", 1_000, 700, 850, 2, 2,
              without_questioned={"value": 85.0, "rank": 1, "previous_rank": 2}),
    ]  # fmt: skip
    assert "不计待核数字列第2名" in words(month(rankings=rows))


def test_red_lights_are_criticised_by_name_measure_and_clause() -> None:
    text = words(month())
    assert "亮红灯的项目4个（依据：澜江\u00a0三（六），本地选择）" in text
    assert "1.北山县污水处理厂扩容工程投资进度落后48.3个百分点，连续4个月。" in text


def test_a_project_whose_name_hides_its_county_has_it_named() -> None:
    red = [light(1, "red", 30.0, "北山县", name="引水入城工程")]
    assert "引水入城工程（北山县）投资进度落后30.0个百分点" in words(month(lights=red, findings=[]))


def test_a_red_light_that_rests_on_a_questioned_figure_says_so() -> None:
    text = words(month())
    assert (
        "3.竹岭县环湖公路改建工程投资进度落后31.0个百分点（依据的数字待核；不计待核数字为18.4个百分点，不亮红灯）。"
        in text
    )
    assert text.count("依据的数字待核") == 1


def test_percentages_that_are_compared_have_the_same_decimals() -> None:
    uneven = summary()
    uneven["months"][8] |= {"reported_percent": 80.5, "without_questioned_percent": 80.85}
    assert "亿元、80.50%，不计待核数字为887.4亿元、80.85%" in words(month(summary=uneven))


def test_a_month_without_red_lights_silence_or_missed_starts_has_no_criticism() -> None:
    text = words(month(lights=[light(1, "blue", 6.0, "北山县")], findings=[], summary=quiet()))
    assert "批评" not in text
    assert "红灯项目" not in text
    assert "一、完成情况和排名" in text and "二、通报表扬" in text and "三、数据说明" in text


def test_silent_and_late_reporters_are_named_with_their_unit_and_days() -> None:
    text = words(month())
    assert "未报送9月月报的项目2个" in text
    assert "北山县污水处理厂扩容工程，北山县水务局负责，本年第2次未报" in text
    assert "竹岭县古镇保护与旅游开发10月12日报送，迟5个工作日" in text


def test_a_missed_start_is_named_with_the_month_it_was_planned_for() -> None:
    assert "石渡县乡村供水一体化工程计划2023年8月开工" in words(month())


def test_many_red_projects_are_counted_by_county_and_listed_behind() -> None:
    red = [light(n, "red", 80 - n * 0.1, COUNTIES[n % 12][0], project=f"P{n:03d}") for n in range(300)]
    bulletin = compose_bulletin(month(lights=red, findings=[]))
    text = "\n".join(bulletin.texts().values())
    assert "亮红灯的项目300个" in text
    assert "松台区25个" in text
    listed = next(block for block in bulletin.attachments[0].blocks if isinstance(block, Table))
    assert len(listed.rows) == 300


def test_a_place_that_differs_without_the_questioned_cells_is_named_with_both_figures() -> None:
    text = words(month())
    assert "竹岭县按上报数72.52%、第10名，不计待核数字76.10%、第9名" in text
    assert "澜江经济技术开发区按上报数75.67%、第9名，不计待核数字75.67%、第10名" in text
    assert "松台区按上报数" not in text


def test_the_citys_investment_and_a_light_are_named_with_both_figures() -> None:
    text = words(month())
    assert "按上报数为885.3亿元、79.9%，不计待核数字为887.4亿元、80.1%" in text
    assert "竹岭县环湖公路改建工程按上报数为红灯（31.0个百分点），不计待核数字为黄灯（18.4个百分点）" in text


def test_questioned_cells_that_change_nothing_are_said_to_change_nothing() -> None:
    calm = summary()
    calm["months"][8]["without_questioned"] = calm["months"][8]["reported"]
    rows = [place("county", "甲县", 1_000, 700, 900, 1, 1)]
    doubt = [finding("copied_text", "P1", 4, "施工中", "应有变化")]
    text = words(month(summary=calm, rankings=rows, lights=[light(1, "blue", 6.0, "甲县")], findings=doubt))
    assert "完成率、名次和灯均不变" in text


def test_each_questioned_cell_stands_with_its_project_and_what_it_shows() -> None:
    tables = [block for block in compose_bulletin(month()).blocks if isinstance(block, Table)]
    cells = tables[-1].rows
    assert cells[0] == (
        "1",
        "竹岭县环湖公路改建工程",
        "9月 I41 1—9月累计",
        "0.271",
        "应为2710万元，疑将亿元填作万元",
    )
    assert len(cells) == 3, "late reports and notes stand elsewhere"


def test_many_questioned_cells_become_an_attachment() -> None:
    many = [finding("cumulative_falls", f"P{n}", n + 5, "1", "2") for n in range(30)]
    bulletin = compose_bulletin(month(findings=many))
    assert bulletin.attachments[-1].title == "待核数字清单"
    table = bulletin.attachments[-1].blocks[0]
    assert isinstance(table, Table) and len(table.rows) == 30


def test_an_old_finding_is_named_only_while_a_light_rests_on_it() -> None:
    old = finding(
        "cumulative_falls", light(3, "red", 31.0, "竹岭县")["project"], 5, "1", "2", period="2023-03"
    )
    settled = finding("cumulative_falls", "settled", 6, "1", "2", period="2023-03")
    tables = [b for b in compose_bulletin(month(findings=[old, settled])).blocks if isinstance(b, Table)]
    assert [row[1] for row in tables[-1].rows] == ["竹岭县环湖公路改建工程"]


def test_a_light_that_rests_on_an_old_questioned_cell_brings_that_cell_into_the_paper() -> None:
    """The project has been silent since: its last figure is the questioned one of August."""
    stale = light(
        1, "red", 90.0, "北山县", questioned=False, without_questioned={"level": "normal", "measure": 1.0}
    )
    old = finding("unit_yi_in_wan", stale["project"], 7, "4.2", "42000", period="2023-08", sheet="8月")
    paper = month(lights=[stale], findings=[old])
    tables = [block for block in compose_bulletin(paper).blocks if isinstance(block, Table)]
    assert tables[-1].rows == (("1", "北山县污水处理厂扩容工程", "8月 I7 1—9月累计", "4.2", "42000"),)
    assert "按上报数为红灯（90.0个百分点），不计待核数字为正常（1.0个百分点）" in words(paper)


def test_the_three_percentages_of_the_opening_have_the_same_decimals() -> None:
    fine = summary()
    fine["state"] |= {"percent": 80.5, "schedule_percent": 78.69, "ahead_points": 1.81}
    assert "占年度计划的80.50%，比序时进度（78.69%）快1.81个百分点" in opening(month(summary=fine))


def test_contradictions_of_published_figures_are_said_with_their_clause() -> None:
    assert (
        "四个季度的计划投资：160.0+330.0+390.0+227.5=1107.5，文件写1107.4（依据：澜江\u00a0二）。"
        in words(month())
    )


def test_an_unsigned_paper_says_that_it_is_a_draft_and_a_signed_one_does_not() -> None:
    assert compose_bulletin(month()).draft_note == "（征求意见稿，未经签发）"
    assert compose_bulletin(month(), signed_by="王某").draft_note is None


def test_the_attachment_lists_lit_projects_by_gravity_and_states_the_thresholds() -> None:
    listed = compose_bulletin(month()).attachments[0]
    table, note, silent_table = listed.blocks
    assert isinstance(table, Table) and isinstance(note, Note) and isinstance(silent_table, Table)
    assert [row[3] for row in table.rows] == ["■ 红"] * 4 + ["▲ 黄"] * 9 + ["● 蓝"] * 12
    assert "红灯25个百分点及以上，黄灯10（含）至25个百分点，蓝灯5（含）至10个百分点" in note.text
    assert "本地选择" in note.text
    assert [row[1] for row in silent_table.rows] == [
        "北山县污水处理厂扩容工程",
        "桐川满族自治县人民医院新院区",
    ]


def test_many_silent_projects_get_a_list_of_their_own() -> None:
    many = summary() | {"silent": [silent(n, "北山县") for n in range(20)]}
    titles = [attachment.title for attachment in compose_bulletin(month(summary=many)).attachments]
    assert titles == ["2023年9月亮灯项目清单", "2023年9月未报项目清单"]


def test_what_does_not_exist_is_printed_as_a_dash() -> None:
    nothing = place("county", "新区", 1_000, 0, 0, None, None, value=None, inputs={}, light=None)
    rows = first_table(compose_bulletin(month(rankings=[nothing]))).rows
    assert rows[0] == ("–", "–", "新区", "–", "–", "–", "–", "–")


def test_the_same_month_gives_the_same_words() -> None:
    assert compose_bulletin(month()) == compose_bulletin(month())


@pytest.mark.parametrize(
    ("agency", "lines"),
    [
        (
            "澜江市重大项目推进工作领导小组办公室",
            ["澜江市重大项目推进工作领导小组办公室关于", "2023年9月项目推进情况的通报"],
        ),
        ("澜江市重点办", ["澜江市重点办关于", "2023年9月项目推进情况的通报"]),
        (
            "澜江高新技术产业开发区重大项目推进工作领导小组办公室",
            ["澜江高新技术产业开发区重大项目推进工作领导小组办公室", "关于2023年9月项目推进情况的通报"],
        ),
    ],
)
def test_the_title_breaks_where_the_sense_does(agency: str, lines: list[str]) -> None:
    bulletin = compose_bulletin(month(papers=replace(month().papers, agency=agency)))
    assert bulletin.title.split("\n") == lines


def test_parts_are_numbered_without_a_gap() -> None:
    heads = [block.text for block in compose_bulletin(month()).blocks if isinstance(block, Heading)]
    assert [head[0] for head in heads if head[1] == "、"] == ["一", "二", "三", "四"]
    assert len(lights()) == 28


def test_a_paper_is_chinese_in_any_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    chinese = words(month())
    monkeypatch.setenv("GUATU_LANGUAGE", "en")
    assert words(month()) == chinese
    assert "the" not in chinese.split()
