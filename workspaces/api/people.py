"""Members and tokens: read with any reading scope, changed with the scope `admin`."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cjm.lib.refusals import NotFound, Refusal
from workspaces import members, tokens
from workspaces.forms import DUTIES
from workspaces.models import Membership, Token, Workspace
from workspaces.rest import MemberLink, StrictSerializer

from .base import View, check_match, tag_of

_PAGES = [OpenApiParameter("cursor", str), OpenApiParameter("limit", int)]


class MemberSerializer(StrictSerializer):
    name = serializers.CharField(source="user.name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)
    duties = serializers.ListField(child=serializers.ChoiceField(choices=list(DUTIES)), required=False)

    class Meta:
        model = Membership
        fields = ["id", "name", "email", "role", "function", "duties", "colour", "created_at", "removed_at"]
        read_only_fields = ["id", "colour", "created_at", "removed_at"]


class SuccessorSerializer(serializers.Serializer[Any]):
    successor = MemberLink()


class Members(View):
    serializer_class = MemberSerializer

    @extend_schema(operation_id="members_list", responses=MemberSerializer(many=True), parameters=_PAGES, summary="Members")
    def get(self, request: Request) -> Response:
        rows = Membership.objects.filter(workspace=self.author.workspace).select_related("user")
        if request.query_params.get("removed") != "true":
            rows = rows.filter(removed_at__isnull=True)
        answer: Response = self.page(request, rows)
        return answer


class OneMember(View):
    serializer_class = MemberSerializer

    @extend_schema(responses=MemberSerializer, summary="A member")
    def get(self, request: Request, id: UUID) -> Response:
        return _shown(members.find(self.author.workspace_id, id))

    @extend_schema(request=MemberSerializer, responses=MemberSerializer, summary="Change role, function or duties")
    @transaction.atomic
    def patch(self, request: Request, id: UUID) -> Response:
        Workspace.objects.select_for_update().get(pk=self.author.workspace_id)
        member = members.find(self.author.workspace_id, id)
        check_match(request, _plain(member))
        serializer = MemberSerializer(member, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        fresh = members.find(self.author.workspace_id, id)
        return _shown(members.change_member(fresh, serializer.validated_data, by=self.author))

    @extend_schema(
        responses={204: None},
        parameters=[OpenApiParameter("successor", UUID, required=True, description="Who takes over what the member owns")],
        summary="Remove a member; what they own goes to the successor",
    )
    def delete(self, request: Request, id: UUID) -> Response:
        member = members.find(self.author.workspace_id, id)
        check_match(request, _plain(member))
        heir = SuccessorSerializer(data={"successor": request.query_params.get("successor")})
        heir.is_valid(raise_exception=True)
        members.remove_member(member, successor=heir.validated_data["successor"], by=self.author)
        return Response(status=204)


class TokenSerializer(StrictSerializer):
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=list(tokens.SCOPES)), allow_empty=False)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)

    class Meta:
        model = Token
        fields = ["id", "name", "prefix", "scopes", "created_at", "last_used_at", "expires_at", "revoked_at"]
        read_only_fields = ["id", "prefix", "created_at", "last_used_at", "revoked_at"]


class MintedSerializer(TokenSerializer):
    token = serializers.CharField(read_only=True, help_text="The words of the token, shown only now.")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]


class Tokens(View):
    serializer_class = TokenSerializer

    @extend_schema(operation_id="tokens_list", responses=TokenSerializer(many=True), parameters=_PAGES, summary="Tokens")
    def get(self, request: Request) -> Response:
        answer: Response = self.page(request, Token.objects.filter(workspace=self.author.workspace, is_installation=False))
        return answer

    @extend_schema(request=TokenSerializer, responses={201: MintedSerializer}, summary="Make a token")
    def post(self, request: Request) -> Response:
        serializer = TokenSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        wanted = serializer.validated_data
        if set(wanted["scopes"]) - set(self.author.scopes):
            text = _("A token cannot give more than it has itself.")
            raise Refusal("scope_too_wide", text, status=403, errors={"scopes": [text]})
        if wanted.get("expires_at") and wanted["expires_at"] <= datetime.now(UTC):
            text = _("This time has passed already.")
            raise Refusal("invalid", text, errors={"expires_at": [text]})
        token, words = tokens.mint_by(self.author, **{"expires_at": None} | wanted)
        return Response(TokenSerializer(token).data | {"token": words}, status=201)


class OneToken(View):
    serializer_class = TokenSerializer

    @extend_schema(responses=TokenSerializer, summary="A token")
    def get(self, request: Request, id: UUID) -> Response:
        return Response(TokenSerializer(self._find(id)).data)

    @extend_schema(responses={204: None}, summary="Revoke a token")
    def delete(self, request: Request, id: UUID) -> Response:
        tokens.revoke_by(self._find(id), by=self.author)
        return Response(status=204)

    def _find(self, id: UUID) -> Token:
        row = Token.objects.filter(workspace=self.author.workspace, pk=id, is_installation=False).first()
        if row is None:
            raise NotFound(_("There is no such thing here."))
        return row


def _plain(member: Membership) -> Mapping[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(MemberSerializer(member).data, default=str))
    return plain


def _shown(member: Membership) -> Response:
    body = _plain(member)
    return Response(body, headers={"ETag": tag_of(body)})
