"""The map's live stream and who is on it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET, require_POST

from journeys.models import JourneyMap
from touchpoints import presence, streaming
from workspaces import access
from workspaces.requests import DoorRequest, MemberRequest


@require_GET
def events(request: DoorRequest, map_id: UUID, slug: str = "") -> StreamingHttpResponse:
    """The stream for pages and for programs; the door decides who listens."""
    map = access.readable(JourneyMap, request.member, map_id)
    answer = StreamingHttpResponse(streaming.stream(map, after=_after(request)), content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer


@require_POST
def announce(request: MemberRequest, slug: str, map_id: UUID) -> HttpResponse:
    map = access.readable(JourneyMap, request.member, map_id)
    presence.announce(map, request.member, cell=request.POST.get("cell", ""), is_leaving="leaving" in request.POST)
    return HttpResponse(status=204)


def _after(request: HttpRequest) -> int | None:
    text = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    return int(text) if text.isdigit() and len(text) < 10 else None
