"""Whatever a program sends, the API answers as its description says, and never with a fault of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from pytest_django.plugin import DjangoDbBlocker
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from guatu.server.assessment.actions import judge_month
from guatu.server.reporting.actions import import_reports
from tests.cast import PORT, report, settle
from tests.server.api.work import switch, token
from tests.server.reporting.work import SEPTEMBER, brought_to

DAY = date(2023, 10, 13)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def secrets(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """The tokens of three people with something to see and to do, in a transaction that is rolled back.

    A request does not close the connection meanwhile: it is the one of that transaction.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        try:
            cast = settle()
            switch(True)
            import_reports([report(PORT, 8, 8_000)], actor=cast.office, day=DAY)
            brought_to(cast, "signed")
            judge_month(SEPTEMBER, DAY, cast.office)
            yield [token(cast.account(who)) for who in ("office", "county", "reporter")]
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)
            for signal in (request_started, request_finished):
                signal.connect(close_old_connections)


OPERATIONS = [
    found.ok()  # type: ignore[union-attr]
    for found in schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", get_wsgi_application()
    ).get_all_operations()
]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_nothing_that_is_sent_breaks_the_api(operation: Any, secrets: list[str]) -> None:
    turns = iter(range(10_000))

    @settings(
        max_examples=20,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def sent(case: Any) -> None:
        turn = next(turns)
        for name, known in (("month", "2023-09"), ("code", PORT)):
            if turn % 2 and name in case.path_parameters:
                case.path_parameters[name] = known
        answer = case.call(headers={"Authorization": f"Bearer {secrets[turn % len(secrets)]}"})
        case.validate_response(answer, checks=CHECKS)

    sent()
