"""Sending one message by one channel, through Apprise. The only place from which the server calls out for messages."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _

from guatu.server.messages.models import Channel
from guatu.server.messages.sealed import KeyLost, opened

LOG = logging.getLogger(__name__)
SECONDS: Final = 10
"""How long a mail server or service may take to answer."""
APP: Final = "Guatu"


@dataclass(frozen=True, slots=True)
class Result:
    """Whether a message went out, and if not, why, in words."""

    sent: bool
    why: str = ""


def installed() -> bool:
    """Whether the library that sends messages is installed: the extra `messages`."""
    return find_spec("apprise") is not None


def send(channel: Channel, to: str, title: str, body: str) -> Result:
    """Send one message now. Never raises for what the other side or the network does; the result says it."""
    if not installed():
        return Result(False, _("没有安装发消息的程序库；请在服务器上运行 pip install 'guatu[messages]'。"))
    try:
        secrets = opened(channel.sealed)
    except KeyLost:
        return Result(False, _("服务器的密钥换过了，请重新填写这个渠道的地址和密钥。"))
    try:
        return _notify(_plugin_words(channel, secrets, to), " ".join(title.split()), body)
    except Exception as error:
        # What the library did not expect may hold addresses: the log names its kind alone.
        LOG.warning("发消息时出了意外：%s", type(error).__name__)
        return Result(False, _("发送时出了意外，没有发出。"))


def _plugin_words(channel: Channel, secrets: Mapping[str, str], to: str) -> dict[str, Any]:
    """The channel in the words of its Apprise plugin."""
    match channel.kind:
        case Channel.Kind.MAIL:
            return {
                "schema": "mailto",
                "host": secrets["host"],
                "smtp_host": secrets["host"],
                "port": int(secrets["port"]),
                "user": secrets["user"] or None,
                "password": secrets["password"] or None,
                "secure_mode": secrets["security"],
                "from_addr": secrets["sender"],
                "targets": [to],
                "format": "text",
            }
        case Channel.Kind.WEBHOOK:
            address = urlsplit(secrets["address"])
            return {
                "schema": "jsons" if address.scheme == "https" else "json",
                "host": address.hostname,
                "port": address.port,
                "fullpath": address.path or "/",
                "params": {name: values[-1] for name, values in parse_qs(address.query).items()},
                "headers": {"Authorization": f"Bearer {secrets['token']}"} if secrets["token"] else {},
                "payload": {"to": to},
            }
        case Channel.Kind.DINGTALK:
            token = parse_qs(urlsplit(secrets["address"]).query)["access_token"][0]
            return {"schema": "dingtalk", "token": token, "secret": secrets["token"] or None}
        case Channel.Kind.WECOM:
            return {"schema": "wecombot", "key": parse_qs(urlsplit(secrets["address"]).query)["key"][0]}
    return {"schema": "feishu", "token": urlsplit(secrets["address"]).path.rstrip("/").rsplit("/", 1)[-1]}


def _notify(words: dict[str, Any], title: str, body: str) -> Result:
    # The library is an extra and takes a sixth of a second to load: only a server that sends messages pays for it.
    import apprise
    from apprise.exception import AppriseImproperlyConfigured

    from guatu.server.messages.robots import DingTalkGroup, WeComGroup

    memory = apprise.PersistentStoreMode.MEMORY
    asset = apprise.AppriseAsset(app_id=APP, app_desc=APP, app_url="", async_mode=False, storage_mode=memory)
    words |= {"cto": SECONDS, "rto": SECONDS}
    robots = {"dingtalk": DingTalkGroup, "wecombot": WeComGroup}
    try:
        if words["schema"] in robots:
            plugin = robots[words.pop("schema")](asset=asset, **words)
        else:
            plugin = apprise.Apprise.instantiate(words, asset=asset, suppress_exceptions=False)
    except (AppriseImproperlyConfigured, TypeError, ValueError):
        return Result(False, _("地址或密钥不合这种渠道的格式，请重新填写。"))
    server = apprise.Apprise(asset=asset)
    server.add(plugin)
    result = server.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT)
    if result:
        return Result(True)
    return Result(False, _why(" ".join(entry.message for entry in result.logs())))


def _why(log: str) -> str:
    """What the plugin's log says, in words; the log itself may hold addresses and goes nowhere."""
    found = re.search(r"error[=:] ?(\d+)|code=(\d+)|: (\d{3}) -", log)
    if found:
        return _("对方没有接受（答复代码 %s）。") % next(group for group in found.groups() if group)
    return _("连不上对方，或对方拒绝了登录或收件人；请核对地址、端口和密码。")
