"""The month's bulletin (通报): what stands in which order. The parts are in the files beside this one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from guatu.documents.criticism import criticism
from guatu.documents.data_notes import data_notes
from guatu.documents.figures import basis_text, ems, figure, level_names, light_word, pace, places_for, yi
from guatu.documents.lists import attachments
from guatu.documents.month import JudgedMonth
from guatu.documents.paper import Block, Bulletin, Heading, Note, Paragraph
from guatu.documents.places import praise, rankings
from guatu.documents.wording import gettext as _
from guatu.record.chain import RecordHead
from guatu.values import date_text

NUMERALS = "一二三四五六七八九十"
TITLE_EMS = 20
"""How many characters of a title stand on one line of the type area."""


def compose_bulletin(
    month: JudgedMonth,
    *,
    signed_by: str | None = None,
    number: str | None = None,
    day: date | None = None,
    bundle_digest: str | None = None,
    record_head: RecordHead | None = None,
) -> Bulletin:
    """The bulletin of a judged month, from its figures alone.

    `number` is the number within the year; while it is missing, its place in the document number
    stays open. `day` is the day below the signature, else the last day of what was known. Unsigned,
    the paper says that it is a draft. `bundle_digest` is that of the bundle from which the month can be computed
    again, `record_head` the end of the record when the paper is made; both are printed small at the end of the
    text, with how to verify them, where no editor can change them. The same month gives the same words.
    """
    words = month.papers
    period = month.period
    lists = attachments(month)
    parts: list[tuple[str, list[Block]]] = [
        (_("完成情况和排名"), rankings(month)),
        (_("通报表扬"), praise(month)),
        (_("通报批评"), criticism(month)),
        (_("数据说明"), data_notes(month)),
    ]
    blocks: list[Block] = [Paragraph(opening(month))]
    for index, (title, part) in enumerate((title, part) for title, part in parts if part):
        blocks.append(Heading(f"{NUMERALS[index]}、{title}", 1))
        blocks.extend(_numbered(part))
    bundle = {"bundle_digest": bundle_digest} if bundle_digest else {}
    if bundle_digest or record_head:
        blocks.append(Note(_("核验"), fixed=True))
    if record_head:
        bundle["record_head"] = record_head.short
        blocks.append(
            Note(
                _(
                    "留痕末端：{head}（{time}）。日后在本系统运行“guatu verify --record --head 末端”，可核对当时的留痕未被改写。"
                ).format(head=record_head.short, time=_moment(record_head.time)),
                fixed=True,
            )
        )
    if bundle_digest:
        blocks += [
            Note(_("复算包摘要：{digest}").format(digest=bundle_digest), fixed=True),
            Note(
                _(
                    "核对办法：向印发单位取得复算包，在任何一台装有挂图的电脑上运行“guatu verify 复算包 --digest 摘要”，不用联网。"
                ),
                fixed=True,
            ),
        ]
    return Bulletin(
        mark=words.mark,
        number=words.number_pattern.format(year=period.year, number=number or "　"),
        title=_title(month),
        recipients=words.recipients.strip().rstrip("：:") + "：" if words.recipients.strip() else "",
        blocks=tuple(blocks),
        agency=words.agency,
        day=date_text(day or month.as_of),
        copies_to=words.copies_to.strip().rstrip("。"),
        attachments=lists,
        signed_by=signed_by,
        provenance={
            "scheme": str(month.head["scheme"]["id"]),
            "scheme_digest": str(month.head["scheme"]["digest"]),
            "facts_digest": str(month.head["facts_digest"]),
            "period": str(period),
            "as_of": month.as_of.isoformat(),
            **bundle,
        },
    )


def _moment(time: datetime) -> str:
    there = time.astimezone(ZoneInfo("Asia/Shanghai"))
    return f"{date_text(there.date())} {there:%H:%M}"


def _title(month: JudgedMonth) -> str:
    """Agency and subject on two lines of like length; 关于 stands where it has room."""
    words, period = month.papers, month.period
    subject = words.title_pattern.format(year=period.year, month=period.month)
    about = _("关于")
    rest = subject.removeprefix(about)
    first = words.agency + about
    if rest != subject and ems(first) <= TITLE_EMS and ems(first) - ems(subject) < TITLE_EMS / 4:
        return f"{first}\n{rest}"
    return f"{words.agency}\n{subject}"


def opening(month: JudgedMonth) -> str:
    """The state of the jurisdiction in one paragraph: projects, money, schedule, starts, lights, reports."""
    state, bases, period = month.state, month.papers.bases, month.period
    sentences = [
        _(
            "截至{year}年{month}月底，{place}{projects}个项目中在建{building}个，年度计划投资{planned}亿元"
        ).format(
            year=period.year,
            month=period.month,
            place=month.papers.jurisdiction,
            projects=state["projects"],
            building=state["building"],
            planned=yi(state["planned"]),
        )
        + _investment(month)
        + basis_text(bases.get("state"))
    ]
    if state.get("start_due") is not None and state.get("started") is not None:
        sentences.append(
            _("年初以来应开工{due}个，已开工{started}个").format(
                due=state["start_due"], started=state["started"]
            )
            + basis_text(bases.get("starts"))
        )
    sentences.append(_lights(month) + basis_text(bases.get("lights")))
    sentences.append(_reports(month) + basis_text(bases.get("bulletin")))
    return "。".join(filter(None, sentences)) + "。" + _("现将有关情况通报如下。")


def _investment(month: JudgedMonth) -> str:
    state = month.state
    if state.get("reported") is None:
        return ""
    percent, schedule, ahead = (state.get(key) for key in ("percent", "schedule_percent", "ahead_points"))
    places = places_for((percent, schedule, ahead))
    words = _("，累计完成投资{done}亿元").format(done=yi(state["reported"]))
    if percent is not None:
        words += _("，占年度计划的{percent}%").format(percent=figure(percent, places))
    against = pace(ahead, schedule, places)
    return f"{words}，{against}" if against else words


def _lights(month: JudgedMonth) -> str:
    counts = month.state["lights"]
    names = level_names(month.lights)
    lit = [
        _("{light}{count}个").format(light=light_word(names[level]), count=counts[level])
        for level in ("red", "yellow", "blue")
        if counts.get(level)
    ]
    normal = _("{normal}{count}个").format(normal=names["normal"], count=counts.get("normal", 0))
    return _("项目亮{lit}，{normal}").format(lit="、".join(lit), normal=normal) if lit else _("没有项目亮灯")


def _reports(month: JudgedMonth) -> str:
    silent, late = len(month.silent), len(month.late)
    if not silent and not late:
        return _("{month}月月报全部按时报送").format(month=month.period.month)
    parts = [_("未报{count}个").format(count=silent)] if silent else []
    parts += [_("迟报{count}个").format(count=late)] if late else []
    return _("{month}月月报{parts}").format(month=month.period.month, parts="、".join(parts))


def _numbered(part: Iterable[Block]) -> list[Block]:
    """Number the second-level headings of a part; a single one needs no heading."""
    blocks = list(part)
    headings = [block for block in blocks if isinstance(block, Heading)]
    if len(headings) == 1:
        return [block for block in blocks if not isinstance(block, Heading)]
    numerals = iter(NUMERALS)
    return [
        Heading(f"（{next(numerals)}）{block.text}", 2) if isinstance(block, Heading) else block
        for block in blocks
    ]
