"""The robots of groups whose service answers 200 also when it refuses: Apprise's own plugins, with the answer read."""

from __future__ import annotations

from typing import Any

import requests
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.wecombot import NotifyWeComBot


class DingTalkGroup(NotifyDingTalk):  # type: ignore[misc]
    """A DingTalk group: what DingTalk refuses (wrong signature, missing keyword) is a failure."""

    def send(self, body: str, title: str = "", *args: Any, **kwargs: Any) -> bool:
        signature = dict(zip(("timestamp", "sign"), self.get_signature(), strict=True)) if self.secret else {}
        sign = "".join(f"&{name}={value}" for name, value in signature.items())
        return _posted(self, self.notify_url.format(token=self.token) + sign, f"{title}\n{body}")


class WeComGroup(NotifyWeComBot):  # type: ignore[misc]
    """A WeCom group: what WeCom refuses (unknown key, too many messages) is a failure."""

    title_maxlen = 250

    def send(self, body: str, title: str = "", *args: Any, **kwargs: Any) -> bool:
        return _posted(self, self.api_url, f"{title}\n{body}")


def _posted(robot: Any, address: str, text: str) -> bool:
    """Post a text; whether the service took it. Why not is in the plugin's log, in Apprise's manner."""
    robot.throttle()
    try:
        answer = requests.post(
            address,
            json={"msgtype": "text", "text": {"content": text}},
            timeout=robot.request_timeout,
            allow_redirects=False,
        )
        refused = (
            answer.status_code if answer.status_code != requests.codes.ok else answer.json().get("errcode", 0)
        )
    except (requests.RequestException, ValueError):
        robot.logger.warning("Connection error")
        return False
    if refused:
        robot.logger.warning("refused: error=%s.", refused)
    return not refused
