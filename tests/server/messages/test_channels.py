"""Channels on the web: off until switched on by name, their secrets shown to nobody; how a person says what he wants."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from django.test import Client

from guatu.schemes.model import Reminders
from guatu.server.accounts.models import Account
from guatu.server.messages import channel_views
from guatu.server.messages.models import Channel, Message, Preference
from guatu.server.messages.round import matters_of
from guatu.server.messages.sealed import KeyLost, opened
from guatu.server.messages.sending import send
from guatu.server.record.models import Entry, PersonalValue
from guatu.server.schemes.queries import scheme_in_force
from tests.cast import Cast
from tests.server.messages.posting import PASSWORD, at, mail_channel

MAIL = {
    "name": "市政务邮箱", "host": "smtp.cangcheng.gov.cn", "port": "465", "security": "ssl", "user": "tongzhi",
    "password": PASSWORD, "sender": "tongzhi@cangcheng.gov.cn", "domains": "",
}  # fmt: skip
ROBOT = f"https://oapi.dingtalk.com/robot/send?access_token={PASSWORD.replace('-', '')}"


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.django_db
def test_a_new_channel_is_off_and_says_nothing_of_its_secret(cast: Cast) -> None:
    client = browser(cast.system)
    client.post("/channels/add/mail/", MAIL)
    channel = Channel.objects.get()
    assert not channel.on
    shown = page(client, "/channels/") + page(client, f"/channels/{channel.pk}/")
    assert "smtp.cangcheng.gov.cn:465" in shown and "关着" in shown
    entry = Entry.objects.get(action="channel.added")
    for kept in (
        shown,
        channel.sealed,
        channel.shown,
        entry.after,
        *PersonalValue.objects.values_list("value", flat=True),
    ):
        assert PASSWORD not in kept
    assert opened(channel.sealed)["password"] == PASSWORD


@pytest.mark.django_db
def test_the_key_in_the_address_of_a_robot_is_a_secret_too(cast: Cast) -> None:
    client = browser(cast.system)
    unit = cast.county.person.appointments.get().post.organisation
    sent = {"name": "东岭县工作群", "unit": unit.name, "address": ROBOT, "token": "SEC"}
    client.post("/channels/add/dingtalk/", sent)
    channel = Channel.objects.get()
    assert (channel.organisation, channel.shown) == (unit, "oapi.dingtalk.com")
    told = page(client, f"/channels/{channel.pk}/") + Entry.objects.get(action="channel.added").after
    assert PASSWORD.replace("-", "") not in told


@pytest.mark.django_db
def test_an_address_of_another_service_is_refused_in_words(cast: Cast) -> None:
    unit = cast.county.person.appointments.get().post.organisation
    answer = browser(cast.system).post(
        "/channels/add/wecom/", {"name": "群", "unit": unit.name, "address": ROBOT}
    )
    assert answer.status_code == 400
    assert "应以 https://qyapi.weixin.qq.com/ 开头" in answer.content.decode()
    assert ROBOT not in answer.content.decode()
    assert not Channel.objects.exists()


@pytest.mark.django_db
def test_switching_asks_for_a_reason_and_leaves_an_entry(cast: Cast) -> None:
    client = browser(cast.system)
    channel = mail_channel(cast, 9, on=False)
    refused = client.post(f"/channels/{channel.pk}/switch/", {"to": "on", "reason": ""})
    assert refused.status_code == 400 and "请写明理由" in refused.content.decode()
    client.post(f"/channels/{channel.pk}/switch/", {"to": "on", "reason": "办公会议定"})
    client.post(f"/channels/{channel.pk}/switch/", {"to": "off", "reason": "换服务器"})
    told = Entry.objects.filter(action__startswith="channel.switched").order_by("sequence")
    assert [(one.action, one.reason) for one in told] == [
        ("channel.switched_on", "办公会议定"),
        ("channel.switched_off", "换服务器"),
    ]


@pytest.mark.django_db
def test_a_changed_address_switches_the_channel_off(cast: Cast) -> None:
    channel = mail_channel(cast, 9)
    browser(cast.system).post(f"/channels/{channel.pk}/", MAIL | {"host": "mx.cangcheng.gov.cn"})
    channel.refresh_from_db()
    assert not channel.on and channel.shown.startswith("mx.cangcheng.gov.cn")


@pytest.mark.django_db
def test_a_trial_is_sent_outside_the_request_and_its_result_said(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    monkeypatch.setattr("guatu.server.messages.outbox.in_background", begun.append)
    client = browser(cast.system)
    channel = mail_channel(cast, 9, on=False)
    client.post(f"/channels/{channel.pk}/try/", {"to": "xitong@cangcheng.gov.cn"})
    message = Message.objects.get()
    assert begun == [message.pk]
    assert "正在发" in page(client, f"/channels/{channel.pk}/try/")
    Message.objects.update(state="failed", why="连不上对方。")
    assert "连不上对方" in page(client, f"/channels/{channel.pk}/")


@pytest.mark.django_db
def test_the_administrator_sees_that_a_message_went_and_not_what_it_said(cast: Cast) -> None:
    channel = mail_channel(cast, 9)
    Message.objects.create(
        channel=channel, account=cast.signer, to="signer@cangcheng.gov.cn", title="沧城港待签发", body="沧城港一份",
        state="sent", made=at("2023-10-09T10:00"), next_try=at("2023-10-09T10:00"), sent=at("2023-10-09T10:01"),
    )  # fmt: skip
    told = page(browser(cast.system), "/outbox/")
    assert cast.signer.person.name in told and "已发" in told
    assert "沧城港" not in told and "signer@" not in told
    own = page(browser(cast.signer), "/reminders/")
    assert "沧城港一份" in own
    assert "沧城港一份" not in page(browser(cast.reporter), "/reminders/")


@pytest.mark.django_db
def test_a_person_chooses_channel_address_rhythm_and_what_to_mute(cast: Cast) -> None:
    channel = mail_channel(cast, 9)
    client = browser(cast.reporter)
    sent = {"channel": str(channel.pk), "mail": "lu@cangcheng.gov.cn", "rhythm": "weekly", "muted": ["soon"]}
    client.post("/reminders/", sent)
    wanted = Preference.objects.get(account=cast.reporter)
    assert (wanted.channel, wanted.mail, wanted.rhythm) == (channel, "lu@cangcheng.gov.cn", "weekly")
    assert json.loads(wanted.muted) == ["soon"]
    entry = Entry.objects.get(action="reminders.changed")
    assert "lu@" not in entry.after, "an address of a person is a digest in the record"
    client.post("/reminders/", sent)
    assert Entry.objects.filter(action="reminders.changed").count() == 1, "nothing changed"


@pytest.mark.django_db
def test_an_address_outside_the_allowed_domains_is_refused(cast: Cast) -> None:
    channel = mail_channel(cast, 9, domains="gov.cn")
    client = browser(cast.reporter)
    sent = {"channel": str(channel.pk), "mail": "lu@example.com", "rhythm": "daily"}
    answer = client.post("/reminders/", sent)
    assert answer.status_code == 400 and "只发往 gov.cn" in answer.content.decode()
    assert client.post("/reminders/", sent | {"mail": "lu@fakegov.cn"}).status_code == 400
    assert client.post("/reminders/", sent | {"mail": "lu@jt.cangcheng.gov.cn"}).status_code == 302


@pytest.mark.django_db
def test_a_channel_that_is_off_cannot_be_chosen(cast: Cast) -> None:
    channel = mail_channel(cast, 9, on=False)
    client = browser(cast.reporter)
    assert "还没有开通" in page(client, "/reminders/")
    answer = client.post("/reminders/", {"channel": str(channel.pk), "mail": "a@b.cn", "rhythm": "daily"})
    assert answer.status_code == 400 and not Preference.objects.exists()


@pytest.mark.django_db
def test_what_the_scheme_makes_compulsory_cannot_be_muted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = scheme_in_force()
    text = scheme.text.model_copy(update={"reminders": Reminders(compulsory=("overdue",))})
    bound = replace(scheme, text=text)
    monkeypatch.setattr("guatu.server.messages.views.scheme_in_force", lambda: bound)
    channel = mail_channel(cast, 9)
    client = browser(cast.reporter)
    told = page(client, "/reminders/")
    assert "方案规定必须提醒：逾期" in told
    assert not re.search(r'name="muted" value="overdue"', told)
    sent = {"channel": str(channel.pk), "mail": "a@b.cn", "rhythm": "daily", "muted": ["overdue"]}
    assert client.post("/reminders/", sent).status_code == 400


@pytest.mark.django_db
def test_under_another_secret_key_a_channel_asks_to_be_filled_in_anew(cast: Cast, settings: object) -> None:
    channel = mail_channel(cast, 9)
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    with pytest.raises(KeyLost):
        opened(channel.sealed)
    assert "请重新填写" in send(channel, "a@b.cn", "题", "文").why


@pytest.mark.django_db
def test_without_the_library_the_page_says_what_to_install(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_views, "installed", lambda: False)
    monkeypatch.setattr("guatu.server.messages.sending.installed", lambda: False)
    assert "pip install" in page(browser(cast.system), "/channels/")
    assert "guatu[messages]" in send(mail_channel(cast, 9), "a@b.cn", "题", "文").why


@pytest.mark.django_db
def test_an_administrator_is_told_of_no_business(cast: Cast) -> None:
    for account in (cast.system, cast.security, cast.audit, cast.stranger):
        assert matters_of(account, scheme_in_force()) == []
