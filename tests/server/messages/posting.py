"""The words in which the tests of messages are told: channels on loopback, who wants what, moments."""

from __future__ import annotations

from datetime import datetime

from guatu.server.accounts.models import Account, Organisation
from guatu.server.clock import CHINA
from guatu.server.messages.channel_actions import add_channel, change_preference, switch_on
from guatu.server.messages.models import Channel
from tests.cast import Cast

PASSWORD = "geheim-4711-mima"


def at(text: str) -> datetime:
    """A moment by the clock in China."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def mail_channel(cast: Cast, port: int, *, on: bool = True, domains: str = "") -> Channel:
    secrets = {
        "host": "127.0.0.1", "port": str(port), "security": "insecure", "user": "", "password": "",
        "sender": "tongzhi@cangcheng.gov.cn", "domains": domains,
    }  # fmt: skip
    channel = add_channel(
        actor=cast.system, kind="mail", name="市政务邮箱", organisation=None, secrets=secrets
    )
    return switched(cast, channel) if on else channel


def hook_channel(cast: Cast, port: int) -> Channel:
    secrets = {"address": f"http://127.0.0.1:{port}/in", "token": PASSWORD}
    return switched(
        cast,
        add_channel(
            actor=cast.system, kind="webhook", name="统一消息平台", organisation=None, secrets=secrets
        ),
    )


def group_channel(cast: Cast, organisation: str, port: int) -> Channel:
    """The group of an organisation, whose robot is the loopback's."""
    found = Organisation.objects.get(name=organisation)
    secrets = {"address": f"http://127.0.0.1:{port}/open-apis/bot/v2/hook/robot", "token": ""}
    return switched(
        cast,
        add_channel(actor=cast.system, kind="feishu", name="飞书群", organisation=found, secrets=secrets),
    )


def switched(cast: Cast, channel: Channel) -> Channel:
    switch_on(actor=cast.system, channel=channel, reason="试用")
    channel.refresh_from_db()
    return channel


def wants(account: Account, channel: Channel, rhythm: str = "at_once", *muted: str) -> None:
    mail = f"{account.username}@cangcheng.gov.cn" if channel.kind == "mail" else ""
    change_preference(actor=account, channel=channel, mail=mail, rhythm=rhythm, muted=muted)
