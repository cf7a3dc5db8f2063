"""What every command does first: the database has what this version needs, or gets it."""

from __future__ import annotations

from collections.abc import Callable

from django.db.migrations.loader import MigrationLoader

from holdfast.config.start import _migrations
from tests.plugins.instance import Instance
from tests.sending import run_code

BEHIND = """
from holdfast.config.start import start; start()
from django.db import connection
from django.apps import apps
with connection.cursor() as cursor:
    for model in apps.get_app_config("limits").get_models():
        cursor.execute(f'DROP TABLE "{model._meta.db_table}"')
    cursor.execute("DELETE FROM django_migrations WHERE app = 'limits'")
"""
TABLES = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "holdfast.config.settings"
import django; django.setup()
from django.apps import apps
from django.db import connection
there = set(connection.introspection.table_names())
print({m._meta.db_table for m in apps.get_app_config("limits").get_models()} <= there)
"""


def test_the_migrations_on_the_disk_are_those_django_finds() -> None:
    assert _migrations() == set(MigrationLoader(None).disk_migrations)


def test_a_database_that_is_behind_is_brought_up_to_date(
    new_instance: Callable[..., Instance],
) -> None:
    """Also one put in the place of another that was up to date: the database itself is asked."""
    instance = new_instance()
    run_code(instance, BEHIND)
    assert run_code(instance, TABLES).strip() == "False"
    instance.run("recall", "list")
    assert run_code(instance, TABLES).strip() == "True"
