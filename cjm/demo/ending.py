"""The end of the demo: nothing of it is left, neither in the record nor in the store nor among the files."""

import logging
import shutil
from collections.abc import Iterator
from datetime import datetime
from graphlib import TopologicalSorter
from pathlib import Path
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _

from analytics.store import lease, sync
from cjm.lib.refusals import Refusal
from customers.models import Import
from workspaces import bell, due, tenancy
from workspaces.models import Membership, Token, User, Workspace
from workspaces.tenancy import TenantModel

from .building import start
from .people import EMAILS

logger = logging.getLogger(__name__)
_SLICE = 5_000


def delete(workspace: Workspace) -> None:
    """Closes a demo to everybody at once; an analytics worker then takes it away row by row."""
    if not workspace.is_demo:
        raise Refusal("not_a_demo", _("Only a demo can be deleted like this."), status=409)
    with tenancy.writing(workspace.pk):
        Workspace.objects.filter(pk=workspace.pk).update(slug=f"gone-{workspace.pk}")
        Import.objects.update(state=Import.State.FAILED)
        _keep_installation_token(workspace)
        Membership.objects.filter(workspace=workspace).update(removed_at=workspace.created_at)
        due.mark(workspace.pk, "demo_end")
        bell.ring("analytics.end_demos")
    logger.info("demo.closed", extra={"workspace": str(workspace.pk)})


def reset(workspace: Workspace, *, base_now: datetime) -> Workspace:
    """A fresh demo in the place of the standing one, in the same language."""
    token = Token.objects.filter(workspace=workspace, is_installation=True, revoked_at__isnull=True)
    tokens = list(token.values_list("pk", flat=True))
    delete(workspace)
    fresh = start(base_now=base_now, language=workspace.default_language, customers=_size(workspace))
    Token.objects.filter(pk__in=tokens).update(workspace=fresh, created_by=None)
    return fresh


def _size(workspace: Workspace) -> int:
    size: int = workspace.settings["demo"]["customers"]
    return size


def _keep_installation_token(workspace: Workspace) -> None:
    """The token of this start belongs to the installation: it moves to another workspace, where there is one."""
    other = Workspace.objects.exclude(pk=workspace.pk).exclude(slug__startswith="gone-").order_by("created_at").first()
    if other is not None:
        Token.objects.filter(workspace=workspace, is_installation=True).update(workspace=other, created_by=None)


def finish(workspace_id: UUID) -> bool:
    """Takes a closed demo away, in slices; False where another process owns the store. Safe to kill and to run twice."""
    if not lease.hold():
        return False
    for model in _from_the_leaves():
        _empty(workspace_id, model)
    sync.forget_workspace(workspace_id)
    shutil.rmtree(Path(settings.MEDIA_ROOT) / "imports" / str(workspace_id), ignore_errors=True)
    with tenancy.writing(workspace_id):
        Workspace.objects.filter(pk=workspace_id, is_demo=True).delete()
    User.objects.filter(email__in=EMAILS.values(), memberships__isnull=True, last_login__isnull=True).delete()
    logger.info("demo.deleted", extra={"workspace": str(workspace_id)})
    return True


def _from_the_leaves() -> Iterator[type[TenantModel]]:
    """Every tenant model after all that point at it."""
    tenants = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    order: TopologicalSorter[type[TenantModel]] = TopologicalSorter({model: set() for model in tenants})
    for model in tenants:
        for field in _keys(model):
            if field.related_model in tenants and field.related_model is not model:
                order.add(field.related_model, model)
    return iter(order.static_order())


def _keys(model: type[TenantModel]) -> "list[models.ForeignKey[models.Model, models.Model]]":
    return [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]


def _empty(workspace_id: UUID, model: type[TenantModel]) -> None:
    own = {field.name: None for field in _keys(model) if field.related_model is model and field.null}
    if own:
        with tenancy.writing(workspace_id):
            model.objects.update(**own)
    while _delete_slice(workspace_id, model):
        pass


@transaction.atomic
def _delete_slice(workspace_id: UUID, model: type[TenantModel]) -> int:
    with tenancy.writing(workspace_id):
        ids = list(model.objects.order_by("pk").values_list("pk", flat=True)[:_SLICE])
        rows = model.objects.filter(pk__in=ids)
        rows._raw_delete(rows.db)  # nothing points here any more, and there are no signals
        return len(ids)
