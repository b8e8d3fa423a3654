"""The only way from a URL to a row: missing and foreign are the same 404."""

from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from cjm.lib.refusals import Forbidden, NotFound

from .models import Membership
from .tenancy import Drawn, TenantModel

T = TypeVar("T", bound=TenantModel)


def readable(model: type[T], member: Membership | None, id: UUID | str | int) -> T:
    """The row of the active workspace. `member` is None for a token, whose workspace is already active."""
    queryset = model.objects.all()
    if issubclass(model, Drawn):
        queryset = queryset.filter(deleted_at__isnull=True)
    try:
        row: T | None = queryset.filter(pk=id).first()
    except (ValueError, ValidationError):
        row = None
    if row is None or (member is not None and row.workspace_id != member.workspace_id):
        raise NotFound(_("There is no such thing here."))
    return row


def writable(model: type[T], member: Membership | None, id: UUID | str | int, *, role: str = "editor") -> T:
    """The row, where the member may change it."""
    row = readable(model, member, id)
    require(member, role)
    return row


def require(member: Membership | None, role: str) -> None:
    """Refuses a member below `role`; a token (None) was judged by its scope."""
    if member is not None and not member.may(role):
        raise Forbidden(_("Your role does not allow this."))


def name_of(row: Model) -> str:
    """The word under which the change log knows a model: "journeys.stage"."""
    return row._meta.label_lower
