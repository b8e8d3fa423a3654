"""`migrate`, as the tables' owner and one at a time; then row-level security over every tenant table.

An empty database gets the tables as the models have them, in a second, and its migrations are written down as done: replaying
their history takes half a minute. A test holds both ways against each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connection, transaction
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from workspaces.tenancy import TenantModel

_LOCK = 7_305_161


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--replay", action="store_true", help="Run every migration even on an empty database.")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            self._migrate(*args, **options)
            return
        with as_owner(), one_at_a_time():
            self._migrate(*args, **options)
            secure_tables()

    def _migrate(self, *args: Any, **options: Any) -> None:
        is_whole = options.get("app_label") is None and not (options.get("plan") or options.get("check_unapplied"))
        if is_whole and not options.pop("replay", False) and not connection.introspection.table_names():
            make_tables()
        super().handle(*args, **options)


def make_tables() -> None:
    """Every table of the models on an empty database. Migrations of ours that carry code have no such short way."""
    loader = MigrationLoader(connection)
    ours = [
        step
        for (app, _name), step in loader.disk_migrations.items()
        if Path(apps.get_app_config(app).path).parent == settings.BASE_DIR
    ]
    if any(isinstance(deed, RunPython | RunSQL) for step in ours for deed in step.operations):
        return
    with connection.schema_editor() as editor:
        for model in apps.get_models(include_auto_created=False):
            if model._meta.managed and not model._meta.proxy and not model._meta.swapped:
                editor.create_model(model)
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        for app, name in loader.disk_migrations:
            recorder.record_applied(app, name)


@contextmanager
def as_owner() -> Iterator[None]:
    """Connects without the bound role (or by DATABASE_MIGRATE_URL), then goes back."""
    from cjm.settings import _database

    usual = connection.settings_dict
    owner = {**usual, "OPTIONS": {name: value for name, value in usual["OPTIONS"].items() if name not in ("options", "pool")}}
    if settings.DATABASE_MIGRATE_URL:
        given = _database(settings.DATABASE_MIGRATE_URL)
        owner |= {name: given[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}
    connection.close()
    connection.settings_dict = owner
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = usual


@contextmanager
def one_at_a_time() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


def tenant_tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, TenantModel))


def secure_tables() -> None:
    """Role, grants and policies; safe to run again."""
    role = settings.DATABASE_ROLE
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select 1 from pg_roles where rolname = %s", [role])
        if cursor.fetchone() is None:
            cursor.execute(f"create role {role} nologin")
        cursor.execute("select current_user, rolsuper from pg_roles where rolname = current_user")
        login, is_superuser = cursor.fetchone()
        if settings.PRODUCTION and is_superuser:
            raise SystemExit("CJM_PRODUCTION=1 refuses a superuser database login.")
        cursor.execute(f'grant {role} to "{login}"')
        cursor.execute(f"grant usage on schema public to {role}")
        cursor.execute(f"grant select, insert, update, delete on all tables in schema public to {role}")
        cursor.execute(f"grant usage, select on all sequences in schema public to {role}")
        for table in tenant_tables():
            cursor.execute(f'alter table "{table}" enable row level security')
            cursor.execute(f'alter table "{table}" force row level security')
            cursor.execute(f'drop policy if exists tenant on "{table}"')
            cursor.execute(
                f'create policy tenant on "{table}" to {role} '
                "using (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid) "
                "with check (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid)"
            )
