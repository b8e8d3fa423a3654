"""Routes of this app and their doors."""

from typing import Any

from django.urls import path

from .api import people, work
from .rest_routes import collection
from .views import accounts, members, reading, settings

app_name = "workspaces"
_W = "w/<slug:slug>"
pages: list[Any] = [
    path("signin/<str:words>/", accounts.signin, name="signin"),
    path("language/", accounts.language, name="language"),
    path("account/", accounts.profile, name="profile"),
    path("workspaces/new/", accounts.new, name="new"),
    path("join/<str:words>/", accounts.join, name="join"),
    path(f"{_W}/settings/", settings.settings, name="settings"),
    path(f"{_W}/settings/tokens/", settings.tokens_page, name="tokens"),
    path(f"{_W}/settings/tokens/<uuid:id>/revoke/", settings.revoke_token, name="token_revoke"),
    path(f"{_W}/settings/outbox/", settings.outbox_page, name="outbox"),
    path(f"{_W}/settings/members/", members.members_page, name="members"),
    path(f"{_W}/settings/members/invite/", members.invite, name="invite"),
    path(f"{_W}/settings/invitations/<uuid:id>/revoke/", members.uninvite, name="uninvite"),
    path(f"{_W}/settings/members/<uuid:id>/", members.member, name="member"),
    path(f"{_W}/settings/members/<uuid:id>/remove/", members.remove, name="member_remove"),
    path(f"{_W}/settings/members/<uuid:id>/reset/", members.reset, name="member_reset"),
    path(f"{_W}/audit/", reading.audit_page, name="audit"),
    path(f"{_W}/inbox/", reading.inbox_page, name="inbox"),
    path(f"{_W}/inbox/read/", reading.read_lines, name="inbox_read"),
    path(f"{_W}/search/", reading.search, name="search"),
]
_tasks, _task_doors = collection("tasks", work.Tasks)
api: list[Any] = [
    *_tasks,
    path("api/v1/members/", people.Members.as_view(), name="api_members"),
    path("api/v1/members/<uuid:id>/", people.OneMember.as_view(), name="api_member"),
    path("api/v1/tokens/", people.Tokens.as_view(), name="api_tokens"),
    path("api/v1/tokens/<uuid:id>/", people.OneToken.as_view(), name="api_token"),
    path("api/v1/notifications/", work.Notifications.as_view(), name="api_notifications"),
    path("api/v1/notifications/<int:id>/", work.OneNotification.as_view(), name="api_notification"),
    path("api/v1/audit/", work.Audit.as_view(), name="api_audit"),
]
DOORS: dict[str, str] = {
    "signin": "public",
    "language": "public",
    "profile": "signed_in",
    "new": "signed_in",
    "join": "public",
    "settings": "viewer/admin",
    "tokens": "admin",
    "token_revoke": "admin",
    "outbox": "admin",
    "members": "viewer",
    "invite": "admin",
    "uninvite": "admin",
    "member": "viewer/admin",
    "member_remove": "viewer",
    "member_reset": "admin",
    "audit": "viewer",
    "inbox": "viewer",
    "inbox_read": "viewer",
    "search": "viewer",
    "api_members": "scope:read|admin",
    "api_member": "scope:read|admin/admin",
    "api_tokens": "scope:admin",
    "api_token": "scope:admin",
    "api_notifications": "scope:read/write",
    "api_notification": "scope:read/write",
    "api_audit": "scope:read|admin",
} | _task_doors
