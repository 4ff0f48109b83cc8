"""From a switched-off channel to a mail, a calendar that is subscribed to, and a backup that was read back."""

from __future__ import annotations

import re
import urllib.request
from urllib.error import HTTPError

import pytest
from playwright.sync_api import expect

from tests.browser.journey import OpenPage
from tests.server.messages.sinks import mail_sink


def test_a_channel_is_tried_switched_on_and_chosen(open_page: OpenPage) -> None:
    with mail_sink() as sink:
        system = open_page("system", "/channels/")
        system.get_by_role("link", name="电子邮件").click()
        system.get_by_label("名称").fill("市政务邮箱")
        system.get_by_label("邮件服务器（SMTP）").fill("127.0.0.1")
        system.get_by_label("端口").fill(str(sink.port))
        system.get_by_label("加密").select_option("insecure")
        system.get_by_label("发件邮箱").fill("tongzhi@shifan.gov.cn")
        system.get_by_role("button", name="添加").click()
        system.get_by_label("试发到邮箱").fill("xitong@shifan.gov.cn")
        system.get_by_role("button", name="试发").click()
        expect(system.get_by_text("对方收下了")).to_be_visible(timeout=15_000)
        assert [mail["to"] for mail in sink.mails] == ["xitong@shifan.gov.cn"]
    system.get_by_label("理由").fill("办公会议定")
    system.get_by_role("button", name="开通这个渠道").click()
    expect(system.get_by_role("button", name="关闭这个渠道")).to_be_visible()

    reporter = open_page("reporter", "/reminders/")
    reporter.get_by_label("用什么提醒").select_option(label="市政务邮箱")
    reporter.get_by_label("我的邮箱").fill("bo@shifan.gov.cn")
    reporter.get_by_role("button", name="保存").click()
    expect(reporter.get_by_text("提醒方式已保存")).to_be_visible()

    system.get_by_label("理由").fill("试完了")
    system.get_by_role("button", name="关闭这个渠道").click()
    expect(system.get_by_role("button", name="开通这个渠道")).to_be_visible()


def test_a_calendar_is_subscribed_to_and_its_address_withdrawn(open_page: OpenPage) -> None:
    page = open_page("signer", "/reminders/")
    page.get_by_role("button", name="生成日历地址").click()
    address = page.get_by_label("日历地址").input_value()
    with urllib.request.urlopen(address) as answer:
        assert answer.headers["Content-Type"].startswith("text/calendar")
        assert answer.read().startswith(b"BEGIN:VCALENDAR")
    page.get_by_role("button", name="作废").click()
    expect(page.get_by_text("日历地址已作废")).to_be_visible()
    with pytest.raises(HTTPError, match="404"):
        urllib.request.urlopen(address)


def test_a_backup_is_made_and_read_back_while_the_page_waits(open_page: OpenPage) -> None:
    page = open_page("system", "/backups/")
    page.get_by_role("button", name="现在备份").click()
    row = page.get_by_role("row", name=re.compile(r"guatu-2023-10-13-\d+\.zip"))
    expect(row.get_by_text("还没有核验")).to_be_visible(timeout=30_000)
    row.get_by_role("button", name="核验").click()
    expect(row.get_by_text("完好")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="现在备份")).to_be_enabled()
