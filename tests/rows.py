"""One row of every tenant model, filled from the fields alone; for the tests that go over all of them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import models

from workspaces.models import Membership
from workspaces.tenancy import TenantModel

SECRET = "QXZ7-secret"
KEY = UUID("01900000-0000-7000-8000-00000000f0f0")  # the key of every row that is keyed by a UUID
NUMBER = 987_654_321  # and by a number


def tenant_models() -> list[type[TenantModel]]:
    return sorted((model for model in apps.get_models() if issubclass(model, TenantModel)), key=lambda model: model._meta.label)


def one_of_each(owner: Membership) -> dict[type[models.Model], models.Model]:
    """A row of every tenant model in the active workspace; its key is KEY or NUMBER and every text of it holds SECRET."""
    made: dict[type[models.Model], models.Model] = {Membership: owner}
    for model in tenant_models():
        _make(model, made)
    return made


def _make(model: type[models.Model], made: dict[type[models.Model], models.Model]) -> models.Model:
    if model not in made:
        values = dict(_values(model, made))
        key = KEY if isinstance(model._meta.pk, models.UUIDField) else NUMBER
        made[model] = model._default_manager.create(pk=key, **values)
    return made[model]


def _values(model: type[models.Model], made: dict[type[models.Model], models.Model]) -> Iterator[tuple[str, Any]]:
    for field in model._meta.concrete_fields:
        if field.name == "workspace" or field.primary_key:
            continue
        if isinstance(field, models.ForeignKey):
            if not field.null:
                yield field.name, _make(field.related_model, made)
        elif isinstance(field, models.CharField | models.TextField) and not field.choices:
            yield field.name, "ru" if field.name == "language" else SECRET[: field.max_length or None]
        elif not field.has_default() and not field.null:
            yield field.name, _plain(field)


def _plain(field: Any) -> Any:
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.DecimalField):
        return Decimal(1)
    if isinstance(field, models.BinaryField):
        return b"0123456789abcdef"
    if isinstance(field, models.UUIDField):
        return uuid4()
    if isinstance(field, models.DateTimeField):
        return datetime(2026, 1, 1, tzinfo=UTC)
    if isinstance(field, models.DateField):
        return date(2026, 1, 1)
    return 1
