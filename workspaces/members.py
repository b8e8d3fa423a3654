"""Who is in a workspace and what they may do; nobody leaves without handing over what they own."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cjm.lib.clock import now
from cjm.lib.refusals import Forbidden, NotFound, Refusal

from . import changes, inbox
from .models import Membership, Workspace
from .tenancy import Drawn, TenantModel

OWNING = ("owner", "assignee")


def living(workspace_id: Any) -> models.QuerySet[Membership]:
    """Members who are in, the oldest first."""
    return (
        Membership.objects.filter(workspace_id=workspace_id, removed_at__isnull=True)
        .select_related("user")
        .order_by("created_at", "id")
    )


def find(workspace_id: Any, id: Any) -> Membership:
    member = living(workspace_id).filter(pk=id).first()
    if member is None:
        raise NotFound(_("There is no such thing here."))
    return member


@transaction.atomic
def change_member(member: Membership, values: Mapping[str, Any], *, by: changes.Author) -> Membership:
    """Changes role, function or duties. An administrator neither makes nor touches owners; the last owner stays one."""
    member = _locked(member)
    wanted = {name: value for name, value in values.items() if getattr(member, name) != value}
    if not wanted:
        return member
    if "role" in wanted:
        _check_rank(member, wanted["role"], by)
    before = {name: getattr(member, name) for name in wanted}
    for name, value in wanted.items():
        setattr(member, name, value)
    member.save(update_fields=list(wanted))
    changes.note(member, "member.changed", by=by, before=before, after=wanted)
    return member


@transaction.atomic
def remove_member(member: Membership, *, successor: Membership, by: changes.Author) -> int:
    """Ends the membership and hands everything the person owns to the successor; the number of things handed over."""
    member = _locked(member)
    is_self = isinstance(by, Membership) and by.pk == member.pk
    if not is_self:
        _check_rank(member, "viewer", by)
    elif member.role == "owner":
        _keep_an_owner(member)
    if successor.pk == member.pk or successor.workspace_id != member.workspace_id or successor.removed_at:
        text = _("Choose another member as the successor.")
        raise Refusal("no_successor", text, errors={"successor": [text]})
    lines = [line for model, field in owning_fields() for line in _hand_over(model, field, member, successor)]
    member.removed_at = now()
    member.save(update_fields=["removed_at"])
    before = {"role": member.role}
    changes.note(member, "member.removed", by=by, before=before, after={"successor": str(successor.pk)}, more=lines)
    if lines and not _is_same(by, successor):
        inbox.notify(successor, "handed_over", _handed_text(member, len(lines), successor), path="")
    return len(lines)


def may_reset(member: Membership, *, by: Membership) -> bool:
    """Whether `by` may hand out a link to this person's new password: only an administrator of every place the person is in."""
    if member.workspace_id != by.workspace_id or not by.may("admin"):
        return False
    theirs = Membership.objects.filter(user_id=member.user_id, removed_at__isnull=True).order_by("id")
    mine = {place.workspace_id: place for place in Membership.objects.filter(user_id=by.user_id, removed_at__isnull=True)}
    return all(
        place.workspace_id in mine and mine[place.workspace_id].may("admin") and mine[place.workspace_id].may(place.role)
        for place in theirs
    )


def owned_count(member: Membership) -> int:
    """How many living things the member owns; one query per kind of thing."""
    return sum(_owned(model, field, member).count() for model, field in owning_fields())


def owning_fields() -> list[tuple[type[TenantModel], str]]:
    """Every (model, field) through which a member owns something, whichever app brings it."""
    return [
        (model, field.name)
        for model in sorted(apps.get_models(), key=lambda model: model._meta.label)
        if issubclass(model, TenantModel)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is Membership and field.name in OWNING
    ]


def _owned(model: type[TenantModel], field: str, member: Membership) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = model.objects.filter(**{field: member}).order_by("pk")
    return rows.filter(deleted_at__isnull=True) if issubclass(model, Drawn) else rows


def _hand_over(model: type[TenantModel], field: str, member: Membership, successor: Membership) -> list[dict[str, Any]]:
    keys = list(_owned(model, field, member).select_for_update().values_list("pk", flat=True))
    if not keys:
        return []
    values: dict[str, Any] = {field: successor}
    if issubclass(model, Drawn):
        values |= {"revision": models.F("revision") + 1, "updated_at": now()}
    model.objects.filter(pk__in=keys).update(**values)
    return [
        {
            "kind": model._meta.label_lower,
            "id": str(key),
            "before": {f"{field}_id": str(member.pk)},
            "after": {f"{field}_id": str(successor.pk)},
        }
        for key in keys
    ]


def _is_same(by: changes.Author, successor: Membership) -> bool:
    return isinstance(by, Membership) and by.pk == successor.pk


def _handed_text(member: Membership, count: int, successor: Membership) -> str:
    with override(successor.user.language or successor.workspace.default_language):
        text = ngettext("%(name)s left; %(count)d thing is yours now.", "%(name)s left; %(count)d things are yours now.", count)
        return text % {"name": member, "count": count}


def _locked(member: Membership) -> Membership:
    Workspace.objects.select_for_update().get(pk=member.workspace_id)
    return find(member.workspace_id, member.pk)


def _check_rank(member: Membership, role: str, by: changes.Author) -> None:
    if isinstance(by, Membership) and not by.may("owner") and "owner" in (member.role, role):
        raise Forbidden(_("Only an owner may do this to an owner."))
    if member.role == "owner" and role != "owner":
        _keep_an_owner(member)


def _keep_an_owner(member: Membership) -> None:
    if not living(member.workspace_id).filter(role="owner").exclude(pk=member.pk).exists():
        raise Refusal("last_owner", _("A workspace needs an owner: make somebody else an owner first."), status=409)
