"""What the import linter cannot see: keys point down, tenancy is everywhere, every route has a door."""

import pytest
from django.apps import apps
from django.db import connection
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from cjm.management.commands.migrate import tenant_tables
from cjm.urls import DOORS
from workspaces.tenancy import TenantModel

ORDER = ["workspaces", "journeys", "touchpoints", "customers", "analytics", "experiments", "automations"]
OUTSIDE = {
    "workspaces.workspace",
    "workspaces.user",
    "workspaces.membership",
    "workspaces.token",
    "workspaces.invitation",
    "workspaces.signinlink",
    "workspaces.clock",
    "workspaces.due",
    "workspaces.letter",
    "analytics.store",
}


def ours() -> list[type]:
    return [model for model in apps.get_models() if model._meta.app_label in ORDER]


def test_keys_point_down() -> None:
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in ours()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model._meta.app_label in ORDER
        if ORDER.index(field.related_model._meta.app_label) > ORDER.index(model._meta.app_label)
    ]
    assert upward == []


def test_every_row_belongs_to_a_workspace_or_is_listed() -> None:
    strangers = {
        model._meta.label_lower for model in ours() if not issubclass(model, TenantModel) and not model._meta.auto_created
    }
    assert strangers <= OUTSIDE


def test_the_workspace_is_in_every_unique_key_and_index() -> None:
    without = []
    for model in ours():
        if not issubclass(model, TenantModel):
            continue
        assert not model._meta.get_field("workspace").null
        keys = [c.fields for c in model._meta.constraints if getattr(c, "fields", None)]
        keys += [i.fields for i in model._meta.indexes]
        without += [f"{model._meta.label}{tuple(key)}" for key in keys if key[0] != "workspace"]
    assert without == ["analytics.Report('asked_at',)"]


@pytest.mark.django_db
def test_postgresql_guards_every_tenant_table() -> None:
    if connection.vendor != "postgresql":
        assert tenant_tables()
        return
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relrowsecurity and relforcerowsecurity")
        guarded = {row[0] for row in cursor.fetchall()}
        cursor.execute("select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == ("cjm_app", False, False)
    assert set(tenant_tables()) == guarded


def test_every_route_has_a_door() -> None:
    assert [name for name in _names(get_resolver().url_patterns) if name not in DOORS] == []


def _names(patterns: list[URLPattern | URLResolver], space: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if str(pattern.pattern) != "accounts/":
                found += _names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            found.append(f"{space}{pattern.name}")
    return found
