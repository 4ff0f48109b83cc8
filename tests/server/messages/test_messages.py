"""Messages on their way: merged, held in quiet hours, sent once, tried again, never repeated."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import requests

from guatu.server import jobs
from guatu.server.accounts.models import Organisation
from guatu.server.messages import sending
from guatu.server.messages.channel_actions import switch_off, try_channel
from guatu.server.messages.models import Channel, Message
from guatu.server.messages.outbox import PATIENCE, PAUSES, STALE, deliver, deliver_one, forget_old
from guatu.server.messages.round import go_round
from guatu.server.messages.sealed import seal
from guatu.server.reporting import rounds
from guatu.server.reporting.actions import import_reports
from guatu.server.timed.actions import do_due
from guatu.server.timed.models import DueWork
from guatu.values import Period
from tests.cast import PORT, Cast, report
from tests.server.messages.posting import PASSWORD, at, group_channel, hook_channel, mail_channel, wants
from tests.server.messages.sinks import MailSink, WebSink, mail_sink, web_sink
from tests.server.reporting.work import TYPED, brought_to, draft, hand_in

DUE = at("2023-10-09T10:00")
"""Monday morning; the reports of September were due on the 5th, those of October on 5 November."""


@pytest.fixture(autouse=True)
def october(settings: Any, cast: Cast) -> None:
    settings.GUATU_TODAY = date(2023, 10, 9)
    settings.ALLOWED_HOSTS = ["guatu.cangcheng.gov.cn"]
    import_reports([report(PORT, 8, 8_000)], actor=cast.office, day=date(2023, 10, 5))


@pytest.fixture
def mails() -> Iterator[MailSink]:
    with mail_sink() as sink:
        yield sink


@pytest.fixture
def posts() -> Iterator[WebSink]:
    with web_sink() as sink:
        yield sink


def states() -> list[str]:
    return list(Message.objects.order_by("id").values_list("state", flat=True))


@pytest.mark.django_db
def test_a_returned_report_and_a_due_one_reach_the_reporter_in_one_mail(cast: Cast, mails: MailSink) -> None:
    wants(cast.reporter, mail_channel(cast, mails.port))
    brought_to(cast, "returned")
    assert go_round(DUE) == 1
    deliver(DUE)
    (mail,) = mails.mails
    assert mail["to"] == "reporter@cangcheng.gov.cn"
    (text,) = mails.texts()
    assert "沧城港扩建项目：9 月月报被退回，请改正后重报" in text
    assert "http://guatu.cangcheng.gov.cn/todo/" in text
    assert "13800000001" not in text and "形象进度太简略" not in text


@pytest.mark.django_db
def test_nothing_is_said_twice_until_it_becomes_overdue(cast: Cast, mails: MailSink, settings: Any) -> None:
    wants(cast.signer, mail_channel(cast, mails.port))
    brought_to(cast, "submitted")
    hand_in(cast, draft(cast, Period(2023, 10), {**TYPED, "progress": "三期码头开挖"}))
    go_round(DUE)
    deliver(DUE)
    assert go_round(DUE + timedelta(hours=1)) == 0
    settings.GUATU_TODAY = date(2023, 11, 6)
    later = at("2023-11-06T10:00")
    assert go_round(later) == 1
    deliver(later)
    assert go_round(later + timedelta(hours=1)) == 0
    assert len(mails.mails) == 2


@pytest.mark.django_db
def test_at_night_a_message_is_held_and_what_comes_meanwhile_joins_it(cast: Cast, mails: MailSink) -> None:
    wants(cast.signer, mail_channel(cast, mails.port))
    night = at("2023-10-09T22:00")
    brought_to(cast, "submitted")
    assert go_round(night) == 1
    deliver(night)
    assert states() == ["held"] and mails.mails == []
    hand_in(cast, draft(cast, Period(2023, 10), {**TYPED, "progress": "三期码头开挖"}))
    assert go_round(night + timedelta(hours=1)) == 0, "it joins the one that is held"
    deliver(at("2023-10-10T08:00"))
    (text,) = mails.texts()
    assert "9 月月报待签发" in text and "10 月月报待签发" in text


@pytest.mark.django_db
def test_what_is_done_before_it_went_out_is_not_sent_any_more(cast: Cast, mails: MailSink) -> None:
    wants(cast.signer, mail_channel(cast, mails.port))
    waiting = brought_to(cast, "submitted")
    go_round(at("2023-10-09T21:00"))
    rounds.sign([waiting], actor=cast.signer)
    go_round(at("2023-10-10T07:00"))
    deliver(at("2023-10-10T08:00"))
    assert states() == ["dropped"] and mails.mails == []


@pytest.mark.django_db
def test_once_a_day_is_once_a_day(cast: Cast, mails: MailSink) -> None:
    wants(cast.county, mail_channel(cast, mails.port), "daily")
    assert go_round(DUE) == 1
    deliver(DUE)
    brought_to(cast, "signed")
    assert go_round(DUE + timedelta(hours=2)) == 0
    assert go_round(at("2023-10-10T09:00")) == 1


@pytest.mark.django_db
def test_a_mail_server_that_refuses_is_tried_again_with_growing_pauses(cast: Cast, mails: MailSink) -> None:
    wants(cast.signer, mail_channel(cast, mails.port))
    brought_to(cast, "submitted")
    go_round(DUE)
    mails.refuses = "451 try again later"
    assert deliver(DUE).failed == 1
    held = Message.objects.get()
    assert held.state == "held" and held.next_try == DUE + PAUSES[0] and "邮件" not in held.title
    assert held.why and "127.0.0.1" not in held.why
    deliver(DUE + timedelta(minutes=1))
    assert Message.objects.get().tries == 1, "not before its time"
    mails.refuses = ""
    assert deliver(DUE + PAUSES[0]).sent == 1
    assert states() == ["sent"] and len(mails.mails) == 1


@pytest.mark.django_db
def test_after_the_last_try_it_is_given_up_and_what_it_said_is_news_again(
    cast: Cast, mails: MailSink
) -> None:
    wants(cast.signer, mail_channel(cast, mails.port))
    brought_to(cast, "submitted")
    go_round(DUE)
    mails.refuses = "554 no"
    for _try in range(len(PAUSES) + 1):
        deliver(Message.objects.get().next_try)
    assert states() == ["failed"]
    assert go_round(DUE + timedelta(days=2)) == 1


@pytest.mark.django_db
def test_a_mail_server_that_is_not_there_is_a_failure_in_words(cast: Cast) -> None:
    channel = mail_channel(cast, 9)
    result = sending.send(channel, "a@cangcheng.gov.cn", "题", "文")
    assert not result.sent and "连不上对方" in result.why


@pytest.mark.django_db
def test_a_closed_channel_sends_nothing_more(cast: Cast, mails: MailSink) -> None:
    channel = mail_channel(cast, mails.port)
    wants(cast.signer, channel)
    brought_to(cast, "submitted")
    go_round(DUE)
    switch_off(actor=cast.system, channel=channel, reason="换服务器")
    deliver(DUE)
    assert states() == ["dropped"] and mails.mails == []
    assert go_round(DUE) == 0


@pytest.mark.django_db
def test_the_webhook_gets_the_text_the_user_name_and_its_token(cast: Cast, posts: WebSink) -> None:
    wants(cast.signer, hook_channel(cast, posts.port))
    brought_to(cast, "submitted")
    go_round(DUE)
    deliver(DUE)
    ((body, headers),) = posts.posts
    assert (body["to"], body["title"]) == ("signer", "挂图提醒：9 月月报待签发")
    assert headers["Authorization"] == f"Bearer {PASSWORD}"


@pytest.mark.django_db
def test_a_web_server_that_answers_500_is_named_by_its_code(cast: Cast, posts: WebSink) -> None:
    posts.status = 500
    result = sending.send(hook_channel(cast, posts.port), "signer", "题", "文")
    assert not result.sent and "500" in result.why


@pytest.mark.django_db
def test_a_group_reads_once_who_of_its_own_has_not_reported(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str]] = []

    def kept(_channel: Channel, _to: str, title: str, body: str) -> sending.Result:
        sent.append((title, body))
        return sending.Result(True)

    monkeypatch.setattr("guatu.server.messages.outbox.send", kept)
    county = cast.county.person.appointments.get().post.organisation
    group_channel(cast, county.name, 9)
    assert go_round(DUE) == 1
    deliver(DUE)
    assert go_round(DUE + timedelta(hours=1)) == 0
    ((title, body),) = sent
    assert "2023年9月" in title
    assert "东岭县交通运输局 1 个" in body and "西原" not in body
    assert "陆听松" not in body


@pytest.mark.django_db
def test_of_many_processes_one_sends(cast: Cast, mails: MailSink) -> None:
    wants(cast.signer, mail_channel(cast, mails.port))
    brought_to(cast, "submitted")
    go_round(DUE)
    number = Message.objects.get().pk
    assert deliver_one(number, DUE) is True
    assert deliver_one(number, DUE) is None
    assert len(mails.mails) == 1


@pytest.mark.django_db
def test_a_message_whose_sending_was_cut_off_is_not_sent_again(cast: Cast, mails: MailSink) -> None:
    wants(cast.signer, mail_channel(cast, mails.port))
    brought_to(cast, "submitted")
    go_round(DUE)
    Message.objects.update(state="sending", claimed=DUE)
    deliver(DUE + STALE + timedelta(seconds=1))
    assert states() == ["failed"] and mails.mails == []
    assert go_round(DUE + timedelta(hours=1)) == 0, "it may have gone out: nobody hears twice"


@pytest.mark.django_db
def test_a_trial_goes_out_at_night_and_while_the_channel_is_off(cast: Cast, mails: MailSink) -> None:
    channel = mail_channel(cast, mails.port, on=False)
    message = try_channel(actor=cast.system, channel=channel, to="xitong@cangcheng.gov.cn")
    assert deliver_one(message.pk, message.next_try) is True
    assert "试发" in mails.texts()[0]


@pytest.mark.django_db
def test_with_everything_off_the_server_calls_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Any] = []

    def refuse(_socket: socket.socket, address: Any) -> None:
        called.append(address)
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    mail_channel(cast, 25, on=False)
    brought_to(cast, "submitted")
    assert not [one for one in jobs.tick() if one.failed]
    assert go_round(DUE) == 0
    assert called == [] and states() == []


@pytest.mark.django_db
def test_rounds_and_deliveries_are_done_once_a_period_and_their_rows_do_not_pile_up(cast: Cast) -> None:
    day = date(2023, 10, 9)
    for moment in (
        at("2023-10-09T10:01"),
        at("2023-10-09T10:04"),
        at("2023-10-09T10:05"),
        at("2023-10-09T11:00"),
    ):
        do_due(jobs.JOBS, moment, day)
    periods = DueWork.objects.filter(job="messages-out").order_by("period").values_list("period", flat=True)
    assert list(periods) == ["2023-10-09T10:00", "2023-10-09T10:05", "2023-10-09T11:00"]
    assert DueWork.objects.filter(job="messages-round").count() == 2
    do_due(jobs.JOBS, at("2023-10-12T10:00"), date(2023, 10, 12))
    assert DueWork.objects.filter(job="messages-out").count() == 1


def robot_says(monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Let the services of robots answer this; what was posted to them."""
    posted: list[dict[str, Any]] = []

    def post(address: str, **sent: Any) -> requests.Response:
        posted.append({"address": address, **sent})
        found = requests.Response()
        found.status_code = 200
        found._content = json.dumps(answer).encode()
        return found

    monkeypatch.setattr("requests.post", post)
    return posted


ROBOTS = {
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=abc123",
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aaa",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/abc-123",
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ROBOTS)
def test_a_robot_that_refuses_with_200_is_a_failure(
    kind: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = Organisation.objects.all()[0]
    channel = Channel(kind=kind, name=kind, organisation=organisation,
                      sealed=seal({"address": ROBOTS[kind], "token": "SEC123" if kind == "dingtalk" else ""}))  # fmt: skip
    posted = robot_says(monkeypatch, {"errcode": 0, "code": 0})
    assert sending.send(channel, "", "题目", "正文").sent
    assert posted[0]["address"].startswith(ROBOTS[kind].split("?")[0])
    if kind == "dingtalk":
        assert "&timestamp=" in posted[0]["address"] and "&sign=" in posted[0]["address"]
    robot_says(monkeypatch, {"errcode": 310000, "code": 19024, "errmsg": "keywords not in content"})
    result = sending.send(channel, "", "题目", "正文")
    assert not result.sent and ("310000" in result.why or "19024" in result.why)


@pytest.mark.django_db
def test_messages_are_kept_no_longer_than_the_access_log(cast: Cast, settings: Any) -> None:
    channel = mail_channel(cast, 9)
    for made in (DUE, DUE - timedelta(days=settings.GUATU_ACCESS_DAYS + 1)):
        Message.objects.create(channel=channel, title="题", body="文", made=made, next_try=made, state="sent")
    assert forget_old(DUE.date()) == 1
    assert [one.made for one in Message.objects.all()] == [DUE]


@pytest.mark.django_db
def test_a_channel_that_is_down_is_left_alone_until_the_next_run(cast: Cast) -> None:
    channel = mail_channel(cast, 9)
    for n in range(6):
        Message.objects.create(
            channel=channel, to=f"a{n}@b.cn", title="题", body="文", made=DUE, next_try=DUE
        )
    assert deliver(DUE).failed == PATIENCE
    assert Message.objects.filter(tries=0, next_try=DUE).count() == 6 - PATIENCE, "the others lost no try"


@pytest.mark.django_db
def test_what_the_library_does_not_expect_is_a_failure_and_names_no_address_in_the_log(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_words: Any) -> None:
        raise RuntimeError("a@cangcheng.gov.cn")

    monkeypatch.setattr(sending, "_notify", broken)
    result = sending.send(mail_channel(cast, 9), "a@cangcheng.gov.cn", "题", "文")
    assert not result.sent and "意外" in result.why
    assert "RuntimeError" in caplog.text and "cangcheng" not in caplog.text


@pytest.mark.django_db
def test_a_line_break_in_the_name_of_a_project_does_not_stop_a_mail(cast: Cast, mails: MailSink) -> None:
    channel = mail_channel(cast, mails.port)
    assert sending.send(channel, "a@cangcheng.gov.cn", "第一行\n第二行", "文").sent
    assert mails.mails[0]["subject"] == "第一行 第二行"
