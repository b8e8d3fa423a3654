"""The manners that every REST collection shares: tokens, pages, ETag, Idempotency-Key, strict bodies, one error shape."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ClassVar

from django.core.exceptions import ValidationError as ModelError
from django.db import IntegrityError, models, transaction
from django.http import HttpResponse, JsonResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cjm.lib.clock import now
from cjm.lib.refusals import Conflict, Refusal

from . import access, changes, tenancy
from .models import IdempotencyKey, Membership
from .tenancy import Drawn

_OVERLAP = timedelta(seconds=30)
EDGES_OF_TIME = (1, 9999)  # another zone or a few seconds less may fall off the calendar
RESERVED_EXTERNAL_IDS = ("bulk", "merge", "by-external-id")


class StrictSerializer(serializers.ModelSerializer[Any]):
    """Refuses unknown fields; links must lead to rows of the same workspace."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = set(data) - set(self.fields)
            if unknown:
                raise serializers.ValidationError({name: [_("This field is not known.")] for name in sorted(unknown)})
        return super().to_internal_value(data)


class Link(serializers.PrimaryKeyRelatedField[Any]):
    """A key to a living row of the active workspace; a foreign one does not exist."""

    def __init__(self, model: type[Drawn] | None = None, **options: Any) -> None:
        self.model = model
        if model is not None:
            options["queryset"] = model.unscoped.none()
        super().__init__(**options)

    def get_queryset(self) -> Any:
        if self.model is None:
            return None
        rows = self.model.objects.all()
        return rows.filter(deleted_at__isnull=True) if issubclass(self.model, Drawn) else rows


class MemberLink(serializers.PrimaryKeyRelatedField[Membership]):
    """A key to a living member of the active workspace."""

    def __init__(self, **options: Any) -> None:
        if not options.get("read_only"):
            options["queryset"] = Membership.objects.none()
        super().__init__(**options)

    def get_queryset(self) -> Any:
        return Membership.objects.filter(workspace_id=tenancy.active_id(), removed_at__isnull=True)


class Collection(viewsets.ModelViewSet[Any]):
    """A collection of drawn rows. Set `model`, `serializer_class`, `deed` (log prefix) and, for a map's parts, `subject_of`."""

    model: ClassVar[type[Drawn]]
    deed: ClassVar[str]
    filters: ClassVar[Mapping[str, str]] = {}
    http_method_names = ["get", "post", "put", "patch", "delete", "head", "options"]

    def get_queryset(self) -> Any:
        rows = self.model.objects.all()
        since = self.request.query_params.get("updated_since")
        rows = rows.filter(updated_at__gte=moment(since) - _OVERLAP) if since else rows.filter(deleted_at__isnull=True)
        for parameter, lookup in self.filters.items():
            if (wanted := self.request.query_params.get(parameter)) is not None:
                rows = _narrow(rows, lookup, wanted, parameter)
        return rows

    def get_object(self) -> Any:
        return access.readable(self.model, None, self.kwargs["pk"])

    @property
    def author(self) -> changes.Author:
        token: changes.Author = getattr(self.request._request, "token", None)
        return token

    def subject_of(self, row: Drawn) -> Drawn:
        """Whose log the row's changes stand in: the map of a part of a map, else the row itself."""
        return row

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        return Response(self.get_serializer(row).data, headers={"ETag": etag(row)})

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.make(request.data)
        return Response(self.get_serializer(row).data, status=201, headers={"ETag": etag(row)})

    @transaction.atomic
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.seen_row(request)
        self.change(row, request.data, seen=None)
        row = self.get_object()
        return Response(self.get_serializer(row).data, headers={"ETag": etag(row)})

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if not kwargs.get("partial"):
            raise exceptions.MethodNotAllowed("PUT")
        return self.partial_update(request, *args, **kwargs)

    @transaction.atomic
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.seen_row(request)
        self.remove(row)
        return Response(status=204)

    @action(detail=False, methods=["post"], url_path="bulk")
    def bulk(self, request: Request) -> Response:
        """Up to 1,000 items, answered one by one."""
        items = request.data.get("items") if isinstance(request.data, Mapping) else None
        if not isinstance(items, list) or len(items) > 1000:
            raise Refusal("invalid_items", _("Send “items”: a list of at most 1,000."))
        return Response({"results": [self._bulk_item(index, item) for index, item in enumerate(items)]})

    def make(self, data: Any) -> Drawn:
        """Creates one row through the change log."""
        serializer = self.get_serializer(data=data)
        serializer.is_valid(raise_exception=True)
        row = self.model(**serializer.validated_data)
        with _model_errors():
            changes.write(self.subject_of(row), f"{self.deed}.created", by=self.author, edits=[changes.create(row)])
        return row

    def change(self, row: Drawn, data: Any, *, seen: int | None) -> None:
        serializer = self.get_serializer(row, data=data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = {self.model._meta.get_field(name).attname: _key(value) for name, value in serializer.validated_data.items()}  # type: ignore[union-attr]
        with _model_errors():
            changes.write(self.subject_of(row), f"{self.deed}.changed", by=self.author, edits=[changes.Edit(row, values, seen)])

    def remove(self, row: Drawn) -> None:
        changes.write(self.subject_of(row), f"{self.deed}.deleted", by=self.author, edits=[changes.delete(row)])

    def seen_row(self, request: Request) -> Any:
        """The row, locked where the writer says which state of it they saw; 412 where it moved on."""
        row = self.get_object()
        wanted = request.headers.get("If-Match")
        if wanted:
            changes.lock(self.subject_of(row))
            row = self.get_object()
            self.check_match(wanted, row)
        return row

    def check_match(self, wanted: str, row: Drawn) -> None:
        if not {word.strip().removeprefix("W/") for word in wanted.split(",")} & {"*", etag(row)}:
            current = json.loads(json.dumps(self.get_serializer(row).data, default=str))
            raise Conflict("stale", _("Somebody changed this before you."), current=current, status=412)

    def _bulk_item(self, index: int, item: Any) -> dict[str, Any]:
        try:
            with transaction.atomic():
                return {"index": index, "status": 201, "id": str(self.make(item).pk), "errors": None}
        except serializers.ValidationError as error:
            return {"index": index, "status": 400, "id": None, "errors": error.detail}
        except Refusal as refusal:
            return {"index": index, "status": refusal.status, "id": None, "errors": {"detail": [str(refusal.text)]}}

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or not key:
            return super().dispatch(request, *args, **kwargs)
        return once(request, key, lambda: super(Collection, self).dispatch(request, *args, **kwargs))


def once(request: Any, key: str, act: Any) -> Any:
    """Runs a POST once per (workspace, path, key): a repeat gets the first answer, another body a 409.

    Key, deed and answer are one transaction, so that a crash leaves either all of them or none.
    """
    if _is_bad(key):
        return _refuse_key()
    digest = hashlib.sha256(request.body).hexdigest()
    with transaction.atomic():
        try:
            with transaction.atomic():
                row = IdempotencyKey.objects.create(key=key, path=request.path[:300], body_digest=digest, created_at=now())
        except IntegrityError:
            return _repeat(request, key, digest)
        response = act()
        if response.status_code >= 500 or response.status_code == 429:
            row.delete()
            return response
        _keep(row, response)
        return response


def idempotent(view: Any) -> Any:
    """For questions and calculators, which write nothing of their own: the answer is kept beside its key, without a transaction
    around the deed, so that a worker can be waited for."""

    @wraps(view)
    def answered(request: Any, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or not key:
            return view(request, *args, **kwargs)
        if _is_bad(key):
            return _refuse_key()
        digest, kept = hashlib.sha256(request.body).hexdigest(), {"key": key, "path": request.path[:300]}
        row, is_new = IdempotencyKey.objects.get_or_create(**kept, defaults={"body_digest": digest, "created_at": now()})
        if row.body_digest != digest or (not is_new and row.status is not None):
            return _repeat(request, key, digest)
        response = view(request, *args, **kwargs)
        if response.status_code in (202, 429) or response.status_code >= 500:
            row.delete()
        else:
            _keep(row, response)
        return response

    return answered


def _keep(row: IdempotencyKey, response: Any) -> None:
    if hasattr(response, "render") and not response.is_rendered:
        response.render()
    answer = json.loads(response.content) if response.content else None
    tag = response.headers.get("ETag", "")
    IdempotencyKey.objects.filter(pk=row.pk).update(status=response.status_code, answer=answer, etag=tag)


def _repeat(request: Any, key: str, digest: str) -> Any:
    row = IdempotencyKey.objects.get(key=key, path=request.path[:300])
    if row.body_digest != digest:
        return _plain(Refusal("idempotency_conflict", _("This key was used with another body."), status=409))
    if row.status is None:
        return _plain(Refusal("in_progress", _("The first request with this key is still running."), status=409))
    headers = {"ETag": row.etag} if row.etag else {}
    if row.answer is None:
        return HttpResponse(status=row.status, headers=headers)
    return JsonResponse(row.answer, status=row.status, safe=False, headers=headers)


def _is_bad(key: str) -> bool:
    return len(key) > 200 or "\x00" in key


def _refuse_key() -> Any:
    return _plain(Refusal("invalid_key", _("An Idempotency-Key has at most 200 signs.")))


def _plain(refusal: Refusal) -> Any:
    return JsonResponse({"detail": str(refusal.text), "code": refusal.code}, status=refusal.status)


def etag(row: Drawn) -> str:
    return f'"{row.revision}"'


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def moment(text: str) -> datetime:
    """A time of a query parameter."""
    try:
        parsed = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None or parsed.year in EDGES_OF_TIME:
        raise Refusal("invalid_time", _("Give the time as ISO 8601 with a zone."))
    return parsed


def _narrow(rows: Any, lookup: str, wanted: str, parameter: str) -> Any:
    try:
        return rows.filter(**{lookup: wanted})
    except (ValueError, ModelError) as error:
        raise Refusal("invalid_filter", _("The filter “%(name)s” cannot be read.") % {"name": parameter}) from error


class _model_errors:
    """Turns a constraint that the serializer could not see into a refusal."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, IntegrityError):
            raise Refusal("conflict", _("Such a thing exists already."), status=409) from error
