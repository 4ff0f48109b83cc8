"""The bulletin prints the head of the record, on the page and on paper; nobody edits it."""

from __future__ import annotations

import re
from io import BytesIO

import docx
import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from guatu.record.chain import noted
from guatu.server.accounts.models import Account
from guatu.server.assessment.queries import latest_judged
from guatu.server.demo import Demonstration
from guatu.server.documents.actions import edit_text
from guatu.server.documents.queries import composed_bulletin
from guatu.server.record.queries import end_of_chain, verify

HEAD = re.compile(r"留痕末端：(\d+:[0-9a-f]{16})（\d+年\d+月\d+日 \d\d:\d\d）")


def client() -> Client:
    found = Client()
    found.force_login(
        Account.objects.get(username="zhongdianban"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return found


def test_page_and_paper_print_the_head_that_the_chain_holds(city: Demonstration) -> None:
    end = end_of_chain()
    assert end is not None
    page = HEAD.search(client().get("/bulletin/").content.decode())
    paper = docx.Document(BytesIO(client().get("/bulletin/docx/").content))
    printed = HEAD.search("\n".join(paragraph.text for paragraph in paper.paragraphs))
    assert page and printed
    assert page[1] == printed[1] == f"{end.sequence}:{end.hash[:16]}"
    assert verify(noted(printed[1])).noted_at == end.sequence


def test_head_and_bundle_stand_in_one_block_at_the_end_of_the_text(city: Demonstration) -> None:
    judged = latest_judged("2023-09")
    assert judged is not None
    words = [
        getattr(block, "text", "")[:5]
        for block in composed_bulletin(judged, Account.objects.get(username="zhongdianban")).blocks[-4:]
    ]
    assert words == ["核验", "留痕末端：", "复算包摘要", "核对办法："]


def test_the_head_on_the_bulletin_cannot_be_edited(city: Demonstration) -> None:
    office = Account.objects.get(username="zhongdianban")
    judged = latest_judged("2023-09")
    assert judged is not None
    last = len(composed_bulletin(judged, office).blocks)
    for number in range(last - 4, last):
        with pytest.raises(ValidationError):
            edit_text(judged, f"text.{number}", "别的末端", based_on=0, actor=office)
