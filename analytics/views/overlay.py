"""The figures over a map, as a fragment that the map's page puts in place."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from analytics import overlay
from cjm.lib import clock
from journeys.models import JourneyMap
from workspaces import access
from workspaces.requests import MemberRequest


@require_GET
def stage_overlay(request: MemberRequest, slug: str, map_id: UUID) -> HttpResponse:
    row = access.readable(JourneyMap, request.member, map_id)
    found = overlay.load(row, timezone=request.workspace.timezone, now=clock.now())
    return render(request, "analytics/_overlay.html", {"overlay": found, "map": row, "slug": slug})
