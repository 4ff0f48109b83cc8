"""Each message is sent by one process, however many look at the outbox at once."""

from __future__ import annotations

import threading

from django.db import connection

from guatu.server.messages.models import Channel, Message
from guatu.server.messages.outbox import deliver
from guatu.server.messages.sealed import seal
from tests.server.messages.posting import at
from tests.server.messages.sinks import mail_sink

DUE = at("2023-10-09T10:00")


def test_threads_that_deliver_at_once_send_each_message_once(committed: None) -> None:
    with mail_sink() as sink:
        channel = Channel.objects.create(
            kind="mail", name="邮", on=True, shown="",
            sealed=seal({"host": "127.0.0.1", "port": str(sink.port), "security": "insecure", "user": "",
                         "password": "", "sender": "a@b.cn", "domains": ""}),
        )  # fmt: skip
        Message.objects.bulk_create(
            Message(channel=channel, to=f"to{n}@b.cn", title="题", body="文", made=DUE, next_try=DUE)
            for n in range(6)
        )
        together = threading.Barrier(3)
        errors: list[BaseException] = []

        def run() -> None:
            try:
                together.wait()
                deliver(DUE)
            except BaseException as error:
                errors.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert sorted(mail["to"] for mail in sink.mails) == [f"to{n}@b.cn" for n in range(6)]
