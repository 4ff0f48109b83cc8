"""Accounts are opened with a password that holds, and every change of people is in the record."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from guatu.server.accounts.actions import appoint, open_account
from guatu.server.accounts.models import Account, Organisation, Role
from guatu.server.accounts.rights import VERBS_OF, Verb, may
from guatu.server.commands import CommandRefused, close_account, create_admin, reset_password
from guatu.server.record.models import Entry
from tests.cast import Cast


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["short", "20231013202310", "password123", "new-clerk1"])
def test_a_weak_password_is_refused_in_chinese(cast: Cast, password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        open_account(actor=cast.system, username="new-clerk1", password=password, person=cast.office.person)
    assert all(re.search(r"密码", message) for message in refused.value.messages)
    assert not any(re.search(r"[a-z]{4,}", message) for message in refused.value.messages)


@pytest.mark.django_db
def test_a_user_name_is_taken_whatever_its_case(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="已被使用"):
        open_account(
            actor=cast.system, username="OFFICE", password="shan-hai-jing-7", person=cast.office.person
        )


@pytest.mark.django_db
def test_only_the_system_administrator_opens_accounts(cast: Cast) -> None:
    for other in (cast.office, cast.county, cast.security, cast.audit):
        with pytest.raises(PermissionDenied):
            open_account(actor=other, username="x", password="shan-hai-jing-7", person=cast.county.person)


@pytest.mark.django_db
def test_the_record_names_the_person_but_never_the_password(cast: Cast) -> None:
    open_account(actor=cast.system, username="clerk", password="shan-hai-jing-7", person=cast.county.person)
    entry = Entry.objects.latest("sequence")
    assert (entry.action, entry.actor, entry.subject_id) == ("account.opened", "system", "clerk")
    assert "东方既白" in entry.after
    assert "shan-hai-jing" not in entry.after
    assert Account.objects.get(username="clerk").check_password("shan-hai-jing-7")


@pytest.mark.django_db
def test_one_post_has_one_role(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="另一个角色"):
        appoint(
            actor=cast.system,
            person="新人",
            title="县重点办主任",
            organisation=Organisation.objects.get(name="东岭县政府"),
            role=Role.OFFICE,
            valid_from=date(2023, 1, 1),
        )


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["system", "security", "audit", "office"])
def test_the_command_opens_the_first_account_of_each_role_in_an_empty_database(role: str) -> None:
    create_admin("wangjing", "王静", "shan-hai-jing-7", "沧城市重点办", role)
    account = Account.objects.get(username="wangjing")
    assert {verb for verb in Verb if may(account, verb)} == VERBS_OF[Role(role)]


@pytest.mark.django_db
def test_the_three_administrators_are_three_people() -> None:
    create_admin("wangjing", "王静", "shan-hai-jing-7", "沧城市重点办")
    with pytest.raises(CommandRefused, match="三员互斥"):
        create_admin("wangjing2", "王静", "shan-hai-jing-7", "沧城市重点办", "security")
    assert not Account.objects.filter(username="wangjing2").exists()


@pytest.mark.django_db
def test_the_machine_resets_and_closes_an_administrators_account() -> None:
    create_admin("wangjing", "王静", "shan-hai-jing-7", "沧城市重点办")
    password = reset_password("wangjing", "离岗交接")
    account = Account.objects.get(username="wangjing")
    assert account.check_password(password) and account.must_change
    close_account("wangjing", "离岗")
    assert not Account.objects.get(username="wangjing").is_active
    assert [entry.actor for entry in Entry.objects.order_by("-sequence")[:2]] == ["系统", "系统"]
    with pytest.raises(CommandRefused, match="没有账号"):
        reset_password("nobody", "")


@pytest.mark.django_db
def test_an_administrator_of_a_taken_name_is_refused() -> None:
    create_admin("wangjing", "王静", "shan-hai-jing-7", "沧城市重点办")
    with pytest.raises(CommandRefused, match="已被使用"):
        create_admin("wangjing", "王静", "shan-hai-jing-7", "沧城市重点办")


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["13912345678", "wen@example.org", "130902199001011234", "0317-1234567"])
def test_a_user_name_that_is_personal_is_refused_because_the_record_keeps_it(
    cast: Cast, username: str
) -> None:
    with pytest.raises(ValidationError, match="请换一个"):
        open_account(actor=None, username=username, password="一个不短的密码2023", person=cast.office.person)
