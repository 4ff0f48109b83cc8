"""The head of the chain, and the triggers that keep the record append-only."""

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from guatu.server.record import triggers
from guatu.server.record.chain import GENESIS


def begin_chain(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("record", "Head").objects.get_or_create(id=1, defaults={"sequence": 0, "hash": GENESIS})


def install_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    triggers.install(schema_editor.connection, (triggers.RECORD,))


def remove_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    triggers.remove(schema_editor.connection, (triggers.RECORD,))


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [
        migrations.RunPython(begin_chain, migrations.RunPython.noop),
        migrations.RunPython(install_triggers, remove_triggers),
    ]
