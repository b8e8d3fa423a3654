"""A map as a whole: settings, review, archive, deletion."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cjm.lib.clock import now
from cjm.lib.refusals import Conflict, Refusal
from journeys import maps, personas, review
from journeys.forms import MapSettingsForm, ReviewForm
from journeys.models import JourneyMap, Review
from workspaces import access
from workspaces.requests import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
def map_settings(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    map = access.writable(JourneyMap, request.member, id)
    form = MapSettingsForm(request.POST or None, map=map)
    if request.method != "POST" or not form.is_valid():
        return _page(request, slug, map, form)
    seen = request.POST.get("revision", "")
    try:
        maps.change_settings(map, form.values(), by=request.member, seen=int(seen) if seen.isdecimal() else None)
    except Conflict as conflict:
        form.add_error(None, conflict.text)
        return _page(request, slug, access.readable(JourneyMap, request.member, id), form, status=409)
    messages.success(request, _("Saved."))
    return redirect("journeys:map_settings", slug, id)


@require_POST
def map_review(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    map = access.writable(JourneyMap, request.member, id)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        raise Refusal("invalid", _("There is no such kind of review."))
    review.record_review(map, by=request.member, **form.cleaned_data)
    messages.success(request, _("The review is written down; the map is fresh."))
    return _back(request, slug, map)


@require_POST
def map_archive(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    map = access.writable(JourneyMap, request.member, id)
    maps.archive_map(map, by=request.member)
    messages.success(request, _("The map is in the archive."))
    return redirect("journeys:home", slug)


@require_POST
def map_restore(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    map = access.writable(JourneyMap, request.member, id)
    maps.restore_map(map, by=request.member)
    messages.success(request, _("The map is back in the list."))
    return _back(request, slug, map)


@require_POST
def map_delete(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    map = access.writable(JourneyMap, request.member, id)
    maps.delete_map(map, by=request.member, typed=request.POST.get("typed", ""))
    messages.success(request, _("The map is deleted."))
    return redirect("journeys:home", slug)


def _page(request: MemberRequest, slug: str, map: JourneyMap, form: MapSettingsForm, *, status: int = 0) -> HttpResponse:
    there, others = personas.of_map(map)
    context = {
        "page": "home",
        "slug": slug,
        "map": map,
        "form": form,
        "review_form": ReviewForm(),
        "freshness": review.freshness_of(map),
        "days_over": review.freshness_of(map).days_over(now()),
        "reviews": Review.objects.living().filter(map=map).select_related("reviewer__user").order_by("-created_at", "-id")[:5],
        "personas": there,
        "other_personas": others,
    }
    return render(request, "journeys/map_settings.html", context, status=status or (400 if form.errors else 200))


def _back(request: MemberRequest, slug: str, map: JourneyMap) -> HttpResponse:
    """To the page that asked, where it is one of ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(wanted)
    return redirect("journeys:map_settings", slug, map.pk)
