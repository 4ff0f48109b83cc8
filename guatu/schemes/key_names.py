"""The keys of a scheme file in Chinese: what a person calls each of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from guatu.language import gettext as _
from guatu.language import language


def key_name(table: str, key: str) -> str | None:
    """What a key of a table (the name of its class, such as `Light`) is called; None where it has no name yet."""
    now = language()
    return _own(now).get(f"{table}.{key}") or _shared(now).get(key)


@cache
def _shared(spoken: str) -> Mapping[str, str]:
    """Keys that mean the same in every table, in the language that is spoken."""
    return {
        "id": _("代号"), "name": _("名称"), "clause": _("条款"), "local_choice": _("本地选择"), "low": _("下限"),
        "high": _("上限"), "low_included": _("下限的归属"), "high_included": _("上限的归属"), "points": _("分值"),
        "entity": _("对象"), "terms": _("考核期"), "applies": _("适用条件"), "measure": _("计算公式"), "unit": _("计量单位"),
        "decimals": _("小数位数"), "when": _("条件"), "exempt": _("免予的条件"), "aliases": _("别名"), "order": _("次序"),
        "cap": _("最高分"), "floor": _("最低分"), "rule": _("计分办法"), "item": _("考核项"), "level": _("级别"),
        "becomes": _("升为"), "at_least": _("至少"), "group": _("组"), "base": _("基准分"), "step": _("每一档的大小"),
        "pivot": _("基准"), "whole_steps": _("不足一档不计"), "whole_steps_up": _("高的不足一档不计"), "whole_steps_down": _("低的不足一档不计"), "cap_up": _("最多加分"), "cap_down": _("最多扣分"),
        "open": _("不封顶"), "type": _("计分办法"), "class_": _("类别"), "projects": _("项目数"), "total": _("总投资"),
        "planned": _("年度计划"), "n": _("取几期"), "cadence": _("频次"), "every": _("频次"), "note": _("说明"),
        "day": _("日期"), "source": _("数据来源"), "ranked": _("参加排名"), "sheet": _("考核表"), "term": _("期别"),
        "best": _("以何为好"), "to": _("止于"), "series": _("分组"), "band": _("档"), "row": _("行"), "sum": _("合计"),
        "each": _("几期一次"), "start": _("从哪天数起"), "months": _("月份"), "weekday": _("星期几"), "nth": _("第几个"),
        "working_day": _("第几个工作日"), "within": _("期限"), "days": _("期限的算法"), "months_after": _("其后几个月"),
        "weeks_after": _("其后几周"), "hours": _("几小时内"), "shift": _("遇休息日"), "exception": _("例外"), "skip": _("不报"), "who": _("谁来做"),
        "kind": _("种类"), "due": _("期限"),
        "count": _("按盏数定级"), "part": _("组成"), "scope": _("范围"), "table": _("各名次的分"), "bulletin": _("通报"),
    }  # fmt: skip


@cache
def _own(spoken: str) -> Mapping[str, str]:
    """Keys of one table alone, and the tables of a scheme, in the language that is spoken."""
    return {
        "SchemeText.scheme": _("依据文件"), "SchemeText.level": _("灯的级别"), "SchemeText.category": _("项目分类"),
        "SchemeText.stage": _("阶段"), "SchemeText.role": _("责任分工"), "RoleWords.duty": _("责任"), "RoleWords.levels": _("项目层级"), "RoleWords.stages": _("项目阶段"), "SchemeText.size_tier": _("投资规模"), "SchemeText.schedule": _("序时进度"),
        "SchemeText.light": _("预警灯"), "SchemeText.combined_light": _("合成的灯"), "SchemeText.ranking": _("排名"),
        "SchemeText.report": _("月报"), "SchemeText.official": _("以哪个数字为准"), "SchemeText.reminders": _("提醒"), "SchemeText.checks": _("数据核对"),
        "SchemeText.published": _("公布的数字"), "SchemeText.goal": _("目标"), "SchemeText.cadence": _("工作节奏"),
        "SchemeText.fact": _("要报的数据"), "SchemeText.sheet": _("考核表"), "SchemeText.step": _("处置措施"),
        "Identity.short_name": _("简称"), "Identity.jurisdiction": _("辖区"), "Identity.year": _("年度"),
        "Identity.effective_from": _("施行日期"), "Identity.summary": _("摘要"),
        "Level.gravity": _("轻重"), "Level.shape": _("图形"), "Category.lead_departments": _("牵头部门"),
        "Light.band": _("档"), "Light.escalate": _("升级"), "Light.change": _("中途变化"), "LightChange.valid_from": _("起算日"), "Escalation.times": _("次数"), "Escalation.running": _("须连续"),
        "CombinedLight.of": _("由哪些灯合成"), "CombinedLight.how": _("合成办法"), "Ranking.value": _("计算公式"),
        "Ranking.ties": _("并列"), "Ranking.exclude": _("不参加的"), "ReportDue.day": _("报送日"), "ReportKind.who": _("谁来报"),
        "ReportRule.due": _("报送期限"), "Schedule.curve": _("取自"), "Schedule.when_missing": _("缺分月计划时"),
        "Official.figures": _("数字"), "Reminders.before": _("提前几个工作日"), "Reminders.compulsory": _("不能关的"), "Checks.money_ahead_points": _("投资超前的界限"),
        "SchemeText.data_quality": _("数据质量"), "DataQuality.part": _("扣分项"), "DataQuality.grade": _("等次"),
        "DataQuality.least_reports": _("至少几份报告才评"), "DataQuality.fact": _("填入哪个数据"),
        "QualityPart.fault": _("毛病"), "QualityPart.less": _("全有时扣的分"), "QualityPart.free": _("多少以内不扣"),
        "QualityGrade.low": _("最低分"),
        "Checks.text_alike": _("形象进度雷同的界限"), "Checks.same_problem_months": _("问题照抄几个月"),
        "Checks.on_plan_months": _("与计划分毫不差几个月"), "Checks.stuck_months": _("收尾不动几个月"),
        "Checks.stuck_percent": _("收尾从多少起"), "Checks.statistics_gap": _("调度数与统计数相差的界限"),
        "BulletinRule.agency": _("发文单位"), "BulletinRule.recipients": _("主送"), "BulletinRule.copies": _("抄送"),
        "BulletinRule.number_pattern": _("文号"), "BulletinRule.praise_places": _("表扬前几名"),
        "PublishedRow.by_difference": _("由余数得出"), "PublishedTable.cut": _("分类口径"),
        "PublishedQuarters.planned": _("各季投资"), "PublishedQuarters.planned_sum": _("全年投资"),
        "PublishedQuarters.cumulative_percent": _("累计投资比例"), "PublishedQuarters.starts": _("各季开工"),
        "PublishedQuarters.starts_sum": _("全年开工"), "PublishedQuarters.starts_cumulative_percent": _("累计开工比例"),
        "PublishedQuarters.completions": _("全年竣工"), "Published.building": _("在建项目"),
        "Published.preliminary": _("前期项目"), "Published.table": _("公布的表"), "Published.quarters": _("分季目标"),
        "Published.share": _("公布的比率"), "PublishedShare.part": _("部分"), "PublishedShare.whole": _("全部"),
        "PublishedShare.percent": _("公布的百分数"),
        "ThreeLevels.hold": _("保的目标"), "ThreeLevels.strive": _("争的目标"), "ThreeLevels.aim": _("创的目标"),
        "ReportRule.kind": _("其他报告"), "DueCase.of": _("哪一条"), "DueCase.first": _("起"), "DueCase.last": _("止"),
        "DueCase.event": _("发生日"), "DueCase.days": _("应到期的日子"),
        "DeclaredFact.supplier": _("提供单位"), "DeclaredFact.sources": _("以谁的数为准"), "DeclaredFact.due_day": _("提供日"), "DeclaredFact.lasting": _("全年有效"), "DeclaredFact.of_report": _("数哪种报告"), "DeclaredFact.counts": _("数什么"),
        "DeclaredFact.meaning": _("含义"), "Change.valid_from": _("起算日"), "Item.share": _("占上一级的比重"),
        "Item.only": _("只在第几期"), "Item.points_by_series": _("各组的分值"), "Change.points_by_series": _("各组的分值"),
        "PointBand.share": _("占满分的几成"), "Item.not_applicable": _("不适用时"), "Item.missing": _("缺数时"),
        "Item.change": _("中途变化"), "Event.most_per_quarter": _("每季最多次数"), "Event.most_per_year": _("每年最多次数"),
        "Event.low": _("最低"), "Event.high": _("最高"), "Event.points": _("每次的分值"), "NetCap.up": _("最多加分"),
        "NetCap.down": _("最多扣分"), "Veto.terms_after": _("其后几期同样"), "PassMark.at_least": _("及格线"),
        "Grade.low": _("最低分"), "RollUp.to": _("合成到"), "RollUpPart.kind": _("期别"), "RollUpPart.weight": _("权重"),
        "RollUpPart.how": _("取法"),
        "RollUpPart.only": _("只取第几期"), "RollUpPart.weights": _("各期的权重"), "RollUpPart.at_least": _("至少几期"), "RollUpPart.missing": _("缺期时"), "RollUp.of": _("取哪个得分"),
        "RollUp.missing": _("缺部分时"), "Series.members": _("成员"), "Series.where": _("条件"), "ListRule.kind": _("性质"),
        "ListRule.first": _("前几名"), "ListRule.last": _("后几名"), "ListRule.depth": _("各组名额"),
        "Sheet.points": _("满分"), "Sheet.item_decimals": _("各项小数位数"), "Sheet.tie_breakers": _("同分时比较"),
        "Sheet.item": _("考核项"), "Sheet.event": _("加减分"), "Sheet.net_cap": _("加减分限额"), "Sheet.veto": _("一票否决"),
        "Sheet.pass_mark": _("及格线"), "Sheet.grade": _("等次"), "Sheet.roll_up": _("得分的合成"), "Sheet.list_": _("名单"),
        "Step.chain": _("阶梯"),
        "SchemeText.reward": _("奖励"), "SchemeText.recognition": _("认定标准"), "Recognition.evidence": _("证明材料"),
        "Recognition.first_only": _("只计首次"), "ThreeLevels.commitment": _("刚性或争取"), "DeclaredFact.frozen_on": _("冻结日"), "Reward.unit": _("单位"), "Reward.places": _("各名次的数额"),
        "Reward.places_of": _("各组各名次的数额"), "Reward.grades": _("各等次的数额"), "Reward.amount": _("每家的数额"),
        "Reward.divide": _("分配办法"), "Reward.pot": _("总额"), "Reward.pots": _("各组的总额"),
        "Reward.list_": _("名单"), "Reward.series": _("给哪些组"), "Reward.shared": _("名次并列时"),
        "Reward.back_fill": _("递补"), "Reward.once_per_year": _("一年一次"), "Reward.once_by": _("按谁算一次"),
        "Reward.actor": _("由谁"), "Expectation.rewards": _("建议奖励"), "Step.after": _("在哪一步之后"), "Step.fulfilled": _("办结的标志"), "Step.when": _("条件"), "Case.day": _("判定日"), "Step.order": _("第几级"), "Step.actor": _("由谁"), "Step.called": _("对谁"),
        "Step.paper": _("文书"), "Step.term_days": _("办结天数"), "Step.published": _("公布"), "Step.score_effect": _("影响考核的分"),
        "Linear.up": _("每高一档加的分"), "Linear.down": _("每低一档扣的分"), "Linear.limit": _("加扣的限度"),
        "Proportional.of": _("得满分的数值"), "Proportional.floor": _("最低得分比例"), "Proportional.cap": _("最高得分比例"),
        "Brackets.above": _("高于基准的各段"), "Brackets.below": _("低于基准的各段"), "Bracket.points": _("每档的分"),
        "Places.rest": _("其余名次的分"), "Places.first": _("第一名的分"), "Places.less": _("每降一名少的分"),
        "Efficacy.basic": _("基本分的比例"), "Efficacy.best_value": _("最好的数值"), "Efficacy.worst_value": _("最差的数值"),
        "AllOrNothing.at_most": _("至多"), "AllOrNothing.edge_included": _("界限算达到"), "Mark.low": _("评分的最低"),
        "Mark.high": _("评分的最高"), "PointBand.points": _("得分"),
        "Case.facts": _("给出的数据"), "Case.expect": _("应得的结果"), "Expectation.light": _("灯"),
        "Expectation.measure": _("数值"), "Expectation.points": _("各项得分"), "Expectation.score": _("得分"),
        "Expectation.rank": _("名次"), "Expectation.grade": _("等次"), "Expectation.lists": _("名单"),
        "Expectation.steps": _("建议措施"), "LightCount.at_least": _("至少几盏"),
        "SchemeText.ballot": _("票决"), "BallotRule.kind": _("票决方式"), "BallotRule.first": _("第一名的分"),
        "BallotRule.less": _("每降一名少的分"), "BallotRule.low": _("评分的最低"), "BallotRule.high": _("评分的最高"),
        "BallotRule.drop_high": _("去掉几个最好的"), "BallotRule.drop_low": _("去掉几个最差的"),
        "BallotRule.self_vote": _("投自己的票"), "BallotRule.complete": _("须投全部对象"),
        "BallotRule.group": _("投票人分组"), "VoterGroup.weight": _("权重"), "VoterGroup.voters": _("谁投"), "BallotRule.closes_after": _("期末后几天截止"), "BallotRule.secret": _("截止前保密"), "Sheet.credit": _("记在谁名下"),
        "Case.ballots": _("给出的票"), "CaseBallot.ballot": _("票决"), "CaseBallot.voter": _("投票人"),
        "CaseBallot.votes": _("票"),
        "SchemeText.form": _("填报表"), "SchemeText.report_field": _("自定字段"), "ReportRule.counts": _("到哪一步计入"),
        "FormRule.standard": _("标准字段"), "FormRule.required": _("必填的"), "FormRule.expires": _("填到哪天"),
        "FormRule.attachments": _("照片与短视频"), "AttachmentRule.photos_least": _("照片至少几张"),
        "AttachmentRule.photos_most": _("照片最多几张"), "AttachmentRule.videos_most": _("短视频最多几段"),
        "AttachmentRule.video_megabytes": _("短视频每段最多几兆"), "AttachmentRule.alike_bits": _("看作相同的特征位差"),
        "ReportField.kind": _("填法"), "ReportField.required": _("必填"), "ReportField.help": _("填写说明"),
        "ReportField.choices": _("选项"), "ReportField.carried": _("沿用上月"), "ReportField.figure": _("数字口径"),
        "ReportField.before": _("排在哪个字段前"), "ReportField.long": _("多行文字"), "ReportField.asked_in": _("在哪些报告里问"),
        "ReportKind.standard": _("标准字段"), "ReportKind.required": _("必填的"), "ReportKind.ends": _("办到哪一步"),
        "ReportKind.stages": _("哪些阶段的项目"), "ReportKind.expires": _("填到哪天"),
    }  # fmt: skip
