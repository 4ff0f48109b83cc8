"""Every kind of finding: its severity, what it means and how to mend it.

The list is literal and complete: docs/reference/findings.md is held against it by a test, and a
finding of any other id cannot be made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from guatu.findings import Finding, Severity
from guatu.language import gettext


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One kind: `meaning` and `cure` are whole Chinese sentences."""

    id: str
    severity: Severity
    meaning: str
    cure: str


def _(message: str) -> str:
    """Mark a sentence of the list for translation; `finding` translates it when it is used."""
    return message


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE

KINDS: Final[tuple[FindingKind, ...]] = (
    # cells as they are written
    FindingKind(
        "cell_unreadable",
        E,
        _("单元格的内容读不成该列应有的数字、月份或日期。"),
        _("请按应有的写法改正该单元格后重新导入。"),
    ),
    FindingKind(
        "error_value", E, _("单元格是公式错误值（如 #REF!、#DIV/0!）。"), _("请修复公式，或改填数值。")
    ),
    FindingKind(
        "number_as_text_with_thousands_separator",
        N,
        _("数字以带千位分隔符的文本填写，已按所示数字读入。"),
        _("可改为数值格式。"),
    ),
    FindingKind(
        "number_as_text_with_spaces",
        N,
        _("数字以带空格的文本填写，已按所示数字读入。"),
        _("可删去空格并改为数值格式。"),
    ),
    FindingKind("full_width_digits", N, _("数字以全角字符填写，已按所示数字读入。"), _("可改为半角数值。")),
    FindingKind("negative_amount", W, _("金额为负数。"), _("请核实；如系冲减，请在备注中说明。")),
    FindingKind(
        "percent_out_of_range", E, _("百分比不在 0 到 100 之间。"), _("请改填 0 到 100 之间的百分数。")
    ),
    FindingKind(
        "percent_as_fraction",
        N,
        _("整列百分比按小数（0 到 1）保存，已乘以 100 读入。"),
        _("如该列本来就是百分数，请在表头注明“％”并填写 0 到 100 的数。"),
    ),
    FindingKind("date_impossible", E, _("日期不存在，或竣工早于开工。"), _("请核对并改正日期。")),
    FindingKind(
        "date_as_serial", N, _("日期以未设格式的序列数保存，已换算为日期。"), _("可把该单元格设为日期格式。")
    ),
    FindingKind("day_missing", N, _("日期只写到月份，按当月 1 日读入。"), _("请补填日期到日。")),
    FindingKind(
        "month_ambiguous",
        E,
        _("月份有两种读法，不作猜测，未读入。"),
        _("请写成“2023年10月”的样子，或把单元格设为文本。"),
    ),
    # sheets, tables, columns
    FindingKind(
        "no_table", W, _("工作表中没有认出项目表。"), _("如其中确有项目表，请在映射文件中说明各列含义。")
    ),
    FindingKind("no_rows", W, _("认出了表头，但表中没有一行项目。"), _("请核对该表是否填写完整。")),
    FindingKind(
        "unknown_column",
        N,
        _("列名不在字段词典中，已按原列名保留。"),
        _("如需采用，请在映射文件中为该列指明字段。"),
    ),
    FindingKind(
        "column_twice",
        W,
        _("两列读成同一字段，只采用前一列，后一列按原列名保留。"),
        _("请在映射文件中指明采用哪一列。"),
    ),
    FindingKind(
        "unit_missing",
        E,
        _("金额列没有写明单位，该列金额未读入。"),
        _("请在表头写明“单位：万元”，或在映射文件的 unit 中写明单位。"),
    ),
    FindingKind(
        "year_missing",
        E,
        _("表中找不到年份，不含年份的月份、分月数据未读入。"),
        _("请在表题写明年份，或在映射文件中写明 year。"),
    ),
    FindingKind(
        "period_unclear",
        E,
        _("月报表的月份没有写明，或几处写法不一致，该表未读入。"),
        _("请改正表题或工作表名中的月份，或在映射文件中写明 period。"),
    ),
    FindingKind(
        "hidden_sheet", N, _("工作表是隐藏的，其中的数据照常读入。"), _("如不应计入，请删除该工作表。")
    ),
    FindingKind("hidden_row", N, _("该行是隐藏的，数据照常计入。"), _("如不应计入，请删除该行。")),
    FindingKind("hidden_column", N, _("该列是隐藏的，数据照常计入。"), _("如不应计入，请删除该列。")),
    FindingKind("comment", N, _("单元格带有批注，已原样保留。"), _("请阅看批注，必要时更正数据。")),
    FindingKind(
        "subtotal_mismatch", W, _("小计或合计与所辖各行之和不符，以各行为准。"), _("请核对小计行与各项目行。")
    ),
    FindingKind(
        "group_count_mismatch",
        W,
        _("写明的项目个数与实有行数不符，以实有行数为准。"),
        _("请核对个数与各项目行。"),
    ),
    FindingKind(
        "county_filled_down",
        N,
        _("该列只在每组首行填写，以下空格按上一行的内容读入。"),
        _("如不是这样，请逐行填写，或合并单元格。"),
    ),
    FindingKind(
        "category_from_sheet",
        N,
        _("表中没有行业，以工作表的名称作为其中各项目的行业。"),
        _("如不是这样，请增加“行业”列。"),
    ),
    FindingKind(
        "county_from_title",
        N,
        _("表中没有县（市、区），以表题或文件名中的地名作为其中各项目的县（市、区）。"),
        _("如不是这样，请增加“县（市、区）”列。"),
    ),
    FindingKind(
        "column_missing",
        W,
        _("台账中没有认出县（市、区）、建设性质或年度计划投资一列，有关的统计算不出来。"),
        _("请增加该列；如列名写法特别，请在映射文件中为该列指明字段。"),
    ),
    FindingKind("county_missing", W, _("项目没有写明县（市、区）。"), _("请补填。")),
    FindingKind(
        "county_alias_proposed",
        W,
        _("两个地名可能是同一地方，未作合并。"),
        _("如确为同一地方，请在映射文件的 [counties] 中写明。"),
    ),
    FindingKind(
        "stage_unknown", W, _("建设性质的写法不认得，按空白处理。"), _("请改写为新开工、续建、前期、竣工等。")
    ),
    # identity
    FindingKind(
        "code_missing",
        E,
        _("没有项目代码，该行未读入。"),
        _("请补填投资项目统一代码，或在映射文件中指明以哪一列为代码。"),
    ),
    FindingKind(
        "code_malformed",
        E,
        _("项目代码不符合统一代码的写法，该行未读入。"),
        _("请核对代码，应形如 2023-130200-48-01-123456。"),
    ),
    FindingKind(
        "code_duplicate", E, _("同一项目代码出现不止一次，只读入第一行。"), _("请删去重复行，或更正代码。")
    ),
    FindingKind(
        "code_two_names", E, _("同一项目代码用于两个不同名称，各行都未读入。"), _("请核对代码属于哪个项目。")
    ),
    FindingKind(
        "match_proposed",
        N,
        _("没有代码的行与某个有代码的项目名称、县区相同，只提议，不代为认定。"),
        _("如确为同一项目，请补填代码。"),
    ),
    FindingKind(
        "project_unknown",
        E,
        _("月报中的项目代码不在台账中，该行未读入。"),
        _("请核对代码，或先把项目列入台账。"),
    ),
    FindingKind(
        "report_name_differs",
        W,
        _("月报中的项目名称与台账中同一代码的名称不同，按代码读入并存疑。"),
        _("请核对代码与名称，改正其中一处。"),
    ),
    FindingKind(
        "report_duplicate",
        E,
        _("同一项目同一月份报了两次且数字不同，两次都未读入。"),
        _("请只保留正确的一行。"),
    ),
    FindingKind(
        "report_repeated", N, _("同一项目同一月份的月报重复出现且内容一致，只计一次。"), _("可删去重复行。")
    ),
    # figures against each other
    FindingKind(
        "unit_yi_in_wan",
        W,
        _("数字疑似按亿元填写（应为万元），已按所填数字读入并存疑。"),
        _("请核实；如确为亿元，请乘以 10000 后改填。"),
    ),
    FindingKind(
        "unit_wan_in_yi",
        W,
        _("数字疑似按万元填写（应为亿元），已按所填数字读入并存疑。"),
        _("请核实；如确为万元，请除以 10000 后改填。"),
    ),
    FindingKind(
        "cumulative_falls",
        W,
        _("本年累计完成低于上次所报累计，已按所填数字读入并存疑。"),
        _("请核实本月累计；如系更正以前月份，请附更正说明。"),
    ),
    FindingKind(
        "cumulative_from_months",
        N,
        _("月报只有本月完成，本年累计由 1 月起各月相加得出。"),
        _("如与单位自己的累计不同，请增报本年累计一列。"),
    ),
    FindingKind(
        "cumulative_missing",
        W,
        _("月报只有本月完成，而以前的月份不全，算不出本年累计。"),
        _("请补齐以前月份的月报，或增报本年累计一列。"),
    ),
    FindingKind(
        "cumulative_not_last_plus_month",
        W,
        _("本月累计不等于上月累计加本月完成。"),
        _("请核实本月完成与累计。"),
    ),
    FindingKind("handed_in_late", W, _("报送日期晚于规定日期。"), _("请说明迟报原因。")),
    FindingKind(
        "money_ahead_of_physical",
        W,
        _("投资完成比例明显高于形象进度。"),
        _("请核实形象进度与完成投资，必要时附支付凭证。"),
    ),
    FindingKind(
        "copied_text", W, _("形象进度描述与上月完全相同，而本月填有完成投资。"), _("请填写本月的实际进展。")
    ),
    FindingKind(
        "nearly_copied_text",
        W,
        _("形象进度描述与上月几乎相同，而本月填有完成投资。"),
        _("请填写本月的实际进展；确无变化的，请写明原因。"),
    ),
    FindingKind(
        "same_problem_text",
        W,
        _("存在问题连续几个月照抄同样的话。"),
        _("请写明问题现在的情况、办到哪一步；已解决的请删去。"),
    ),
    FindingKind(
        "always_on_plan",
        W,
        _("本月完成连续几个月与当月计划分毫不差。"),
        _("请按支付凭证和工程量核实；确实如此的，请写明依据。"),
    ),
    FindingKind(
        "stuck_near_end",
        W,
        _("形象进度接近完工，连续几个月不动。"),
        _("请核实收尾工程；停工或已完工的，请写明。"),
    ),
    FindingKind(
        "statistics_gap",
        W,
        _("调度数与统计数相差超过界限，而没有写明原因。"),
        _("请核对两个数字，或填写“与统计数不一致的原因”。"),
    ),
    FindingKind(
        "photo_reused",
        W,
        _("照片已随另一份报告附过，或与其中一张看上去相同。"),
        _("请换成这次现场的照片；确需再用的，请写明理由。"),
    ),
    FindingKind(
        "done_exceeds_total", W, _("累计完成投资超过总投资。"), _("请核实完成投资，或按程序调整总投资。")
    ),
    FindingKind(
        "plan_exceeds_total",
        W,
        _("年度计划投资超过总投资，或超过尚未完成的部分。"),
        _("请核实年度计划、上年底累计与总投资。"),
    ),
    FindingKind(
        "quarters_not_year", W, _("四个季度的计划之和不等于年度计划。"), _("请核对分季计划与年度计划。")
    ),
    FindingKind(
        "plan_split_not_year", W, _("分月计划到 12 月的累计不等于年度计划。"), _("请核对分月计划与年度计划。")
    ),
    FindingKind("plan_split_falls", W, _("分月累计计划后月低于前月。"), _("请核对分月累计计划。")),
    # declared facts handed in
    FindingKind(
        "facts_no_table",
        W,
        _("工作表中没有认出事实表，未读入。"),
        _("请在表头写明对象、事实和数值，或对象和方案声明的事实名称。"),
    ),
    FindingKind(
        "ballots_no_table",
        W,
        _("没有认出测评表，未读入。"),
        _("请在表头写明投票人、对象、名次或分数。"),
    ),
    FindingKind(
        "ballot_unreadable", E, _("一行选票读不成，未读入。"), _("请补全投票人、组别、对象和名次或分数。")
    ),
    FindingKind("ballot_not_valid", E, _("一张选票无效，整张未计。"), _("请投票人按规则重填，或说明作废。")),
    FindingKind(
        "ballot_group_without_votes",
        N,
        _("一组投票人没有一张有效票，它的权重分给其余各组。"),
        _("请核对这一组的选票是否漏交，或组别是否写错。"),
    ),
    FindingKind(
        "facts_total_row",
        N,
        _("合计、平均、全市或目标行不是考核对象，未读入。"),
        _(
            "如确为考核对象，请改用它本来的名称，或在方案的组里写明（members）；全市的数请用对象为全市的事实。"
        ),
    ),
    FindingKind(
        "fact_unknown",
        E,
        _("所写的事实不在方案声明的事实之中，未读入。"),
        _("请改写为方案声明的事实编号或名称。"),
    ),
    FindingKind(
        "fact_unreadable",
        E,
        _("数值读不成该事实应有的样子，未读入。"),
        _("请按该事实的类型改填数值。"),
    ),
    FindingKind("fact_out_of_range", E, _("数值超出该事实允许的范围，未读入。"), _("请在允许的范围内改填。")),
    FindingKind("fact_twice", E, _("同一事实填了两个不同的数值，都未读入。"), _("请只保留正确的一处。")),
    FindingKind(
        "unit_unknown", E, _("所写的单位不适合该事实，未读入。"), _("请改写单位，并核对数值是否与单位相符。")
    ),
    FindingKind(
        "mark_without_reason", E, _("须说明理由的事实缺填报人或理由，未读入。"), _("请补填填报人和理由。")
    ),
    FindingKind(
        "checked_far_off",
        W,
        _("核查值与填报值相差一千倍以上，照样读入。"),
        _("请核对两个数的单位：“单位”一列对两个数都算数。"),
    ),
    FindingKind("mark_same_person", E, _("打分人与复核人是同一人，未读入。"), _("请由另一人复核。")),
    FindingKind(
        "term_missing",
        E,
        _("没有写明期别，未读入。"),
        _("请增加“期别”一列，或以期别作工作表名，或在命令中给出期别。"),
    ),
    FindingKind(
        "term_unreadable", E, _("期别读不出，该行未读入。"), _("请写作 2023-09、2023Q3、2023H1 或 2023。")
    ),
    FindingKind(
        "entity_without_series",
        W,
        _("考核对象不属于方案所写的任何一组，不排名。"),
        _("请补填分组所依据的事实，或在方案里把它写入一组；不排名的组写 ranked = false。"),
    ),
    FindingKind(
        "entity_in_several_series",
        W,
        _("考核对象同时符合几组，按写在前面的一组排名。"),
        _("请核对分组所依据的事实，或把方案里各组的条件写得互不重叠。"),
    ),
    FindingKind("entity_missing", E, _("没有写明考核对象，未读入。"), _("请补填对象，或增加“对象”一列。")),
)

_BY_ID: Final[Mapping[str, FindingKind]] = {kind.id: kind for kind in KINDS}


def finding(kind_id: str, message: str, **place: Any) -> Finding:
    """A finding of a kind of the list: its severity, and its cure unless `cure` is given.

    Raises KeyError for an id that the list does not hold.
    """
    from_list = _BY_ID[kind_id]
    place.setdefault("cure", gettext(from_list.cure))
    return Finding(id=kind_id, severity=from_list.severity, message=message, **place)


def where(sheet: str, row: int | None = None, letter: str | None = None, header: str | None = None) -> str:
    """A place for people; `row` as the spreadsheet shows it (1 is the first)."""
    if row is None and letter is None:
        return gettext("工作表“{sheet}”").format(sheet=sheet)
    if row is None:
        return gettext("工作表“{sheet}” {letter} 列“{header}”").format(
            sheet=sheet, letter=letter, header=header or ""
        )
    if letter is None:
        return gettext("工作表“{sheet}”第 {row} 行").format(sheet=sheet, row=row)
    return gettext("工作表“{sheet}”第 {row} 行 {letter} 列“{header}”").format(
        sheet=sheet, row=row, letter=letter, header=header or ""
    )
