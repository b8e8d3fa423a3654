"""Tasks, notifications and the audit."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cjm.lib.clock import now
from cjm.lib.refusals import Refusal
from workspaces import access, audit, inbox
from workspaces.models import Change, Notification, Task
from workspaces.rest import Collection, MemberLink, StrictSerializer, moment

from .base import View

_PAGES = [OpenApiParameter("cursor", str), OpenApiParameter("limit", int), OpenApiParameter("updated_since", str)]


class TaskSerializer(StrictSerializer):
    assignee = MemberLink(required=False, allow_null=True)

    class Meta:
        model = Task
        fields = [
            "id",
            "title",
            "assignee",
            "due_at",
            "reason",
            "source",
            "done_at",
            "revision",
            "created_at",
            "updated_at",
            "deleted_at",
        ]
        read_only_fields = ["id", "revision", "created_at", "updated_at", "deleted_at"]


class Tasks(Collection):
    model = Task
    serializer_class = TaskSerializer
    deed = "task"
    filters = {"assignee": "assignee"}


class NotificationSerializer(StrictSerializer):
    to = MemberLink()
    path = serializers.CharField(max_length=500, required=False, allow_blank=True)
    kind = serializers.CharField(max_length=60, required=False, default="note")

    class Meta:
        model = Notification
        fields = ["id", "to", "kind", "text", "path", "at", "read_at"]
        read_only_fields = ["id", "at", "read_at"]

    def validate_path(self, path: str) -> str:
        if path and not path.startswith("/w/"):
            raise serializers.ValidationError(_("A path begins with /w/."))
        return path


class ReadSerializer(serializers.Serializer[Any]):
    is_read = serializers.BooleanField()


class Notifications(View):
    serializer_class = NotificationSerializer

    @extend_schema(
        operation_id="notifications_list",
        responses=NotificationSerializer(many=True),
        parameters=[OpenApiParameter("to", UUID), *_PAGES],
        summary="Lines of inboxes, the newest first",
    )
    def get(self, request: Request) -> Response:
        rows = Notification.objects.all()
        if to := request.query_params.get("to"):
            rows = rows.filter(to=_uuid(to, "to"))
        if since := request.query_params.get("updated_since"):
            rows = rows.filter(at__gte=moment(since))
        answer: Response = self.page(request, rows, newest_first=True)
        return answer

    @extend_schema(request=NotificationSerializer, responses={201: NotificationSerializer}, summary="Tell a member something")
    def post(self, request: Request) -> Response:
        serializer = NotificationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        wanted = serializer.validated_data
        row = inbox.notify(wanted["to"], wanted["kind"], wanted["text"], path=wanted.get("path", ""))
        return Response(NotificationSerializer(row).data, status=201)


class OneNotification(View):
    serializer_class = NotificationSerializer

    @extend_schema(responses=NotificationSerializer, summary="A line of an inbox")
    def get(self, request: Request, id: int) -> Response:
        return Response(NotificationSerializer(access.readable(Notification, None, id)).data)

    @extend_schema(request=ReadSerializer, responses=NotificationSerializer, summary="Mark it read or unread")
    def patch(self, request: Request, id: int) -> Response:
        row = access.readable(Notification, None, id)
        serializer = ReadSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row.read_at = (row.read_at or now()) if serializer.validated_data["is_read"] else None
        row.save(update_fields=["read_at"])
        return Response(NotificationSerializer(row).data)


class ChangeSerializer(serializers.ModelSerializer[Change]):
    sentence = serializers.SerializerMethodField(help_text="The deed in the language of the request.")

    class Meta:
        model = Change
        fields = ["id", "at", "deed", "sentence", "subject_kind", "subject_id", "version", "by", "token", "edits", "undoes"]

    def get_sentence(self, change: Change) -> str:
        return audit.say(change.deed)


class Audit(View):
    serializer_class = ChangeSerializer

    @extend_schema(
        operation_id="audit_list",
        responses=ChangeSerializer(many=True),
        parameters=[OpenApiParameter("by", UUID), OpenApiParameter("kind", str), OpenApiParameter("subject", UUID), *_PAGES],
        summary="The change log, the newest first; with updated_since the oldest first",
    )
    def get(self, request: Request) -> Response:
        rows = Change.objects.all()
        for name, field in (("by", "by"), ("subject", "subject_id")):
            if word := request.query_params.get(name):
                rows = rows.filter(**{field: _uuid(word, name)})
        if kind := request.query_params.get("kind"):
            rows = rows.filter(subject_kind=kind)
        if since := request.query_params.get("updated_since"):
            rows = rows.filter(at__gte=moment(since))
        answer: Response = self.page(request, rows, newest_first=True)
        return answer


def _uuid(word: str, name: str) -> UUID:
    try:
        return UUID(word)
    except ValueError as error:
        raise Refusal("invalid_filter", _("The filter “%(name)s” cannot be read.") % {"name": name}) from error
