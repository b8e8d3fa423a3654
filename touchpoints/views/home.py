"""Pages over all maps: the list, the first one, a new one."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journeys import templates
from journeys.forms import NewMapForm
from journeys.models import JourneyMap
from touchpoints import overview, starting
from workspaces import access
from workspaces.models import Membership
from workspaces.requests import MemberRequest


@require_GET
def home(request: MemberRequest, slug: str) -> HttpResponse:
    """Every map with its curve, freshness and losses; without a map, the ways to the first one."""
    chosen = request.GET.get("show", "all")
    chosen = chosen if chosen in overview.FILTERS else "all"
    lines = overview.list_maps(request.member, chosen)
    if not lines and chosen == "all" and not overview.count_maps(archived=True):
        return _first(request, slug)
    context = _rights(request, slug) | {"lines": lines, "chosen": chosen, "cares": overview.cares_of(lines)}
    return render(request, "journeys/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_map(request: MemberRequest, slug: str) -> HttpResponse:
    access.require(request.member, "editor")
    language = request.LANGUAGE_CODE[:2]
    wanted = request.POST.get("template") or request.GET.get("template", templates.LISTED[0])
    template = templates.find_template(wanted, language)
    initial = {"template": template.code, "language": language, "kind": template.payload["map"]["kind"]}
    form = NewMapForm(request.POST or None, initial=initial, suggested=template.title)
    if request.method == "POST" and form.is_valid():
        map = starting.make_map(by=request.member, currency=request.workspace.default_currency, **form.deed())
        return redirect("touchpoints:map", slug, map.pk)
    offered = [starting.preview(one) for one in templates.list_templates(language)]
    context = _rights(request, slug) | {"form": form, "template": starting.preview(template), "templates": offered}
    return render(request, "journeys/new_map.html", context, status=400 if form.errors else 200)


@require_GET
def template(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    """A template for reading, nothing is made."""
    shown = templates.find_template(code, request.LANGUAGE_CODE[:2])
    context = _rights(request, slug) | {"template": starting.preview(shown), "rows": templates.rows_of(shown)}
    return render(request, "journeys/template.html", context)


@require_POST
def map_future(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    map = access.writable(JourneyMap, request.member, id)
    future = starting.derive_future(map, by=request.member)
    return redirect("touchpoints:map", slug, future.pk)


def _first(request: MemberRequest, slug: str) -> HttpResponse:
    language = request.LANGUAGE_CODE[:2]
    offered = [starting.preview(templates.find_template(code, language)) for code in starting.FIRST]
    context = _rights(request, slug) | {"templates": offered, "example": _example(request, slug)}
    return render(request, "journeys/home_empty.html", context)


def _example(request: MemberRequest, slug: str) -> str:
    """The demo workspace where the person is in one, else a template for reading."""
    seat = Membership.objects.filter(user_id=request.user.pk, removed_at__isnull=True, workspace__is_demo=True)
    demo = seat.exclude(workspace_id=request.workspace.pk).select_related("workspace").order_by("created_at", "id").first()
    if demo is not None:
        return reverse("journeys:home", args=[demo.workspace.slug])
    return reverse("journeys:template", args=[slug, starting.FIRST[0]])


def _rights(request: MemberRequest, slug: str) -> dict[str, Any]:
    return {"page": "home", "slug": slug, "can_edit": request.member.may("editor")}
