"""The library: touchpoints with their channels, owners and places on maps."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cjm.lib.refusals import Refusal
from touchpoints import library
from touchpoints.hypothesis_forms import TouchpointForm
from touchpoints.models import Touchpoint
from workspaces import access
from workspaces.requests import MemberRequest


@require_GET
def items(request: MemberRequest, slug: str) -> HttpResponse:
    if request.member.may("editor"):
        library.preload_channels(by=request.member, language=request.workspace.default_language)
    channels = library.channels()
    channel = next((one for one in channels if str(one.pk) == request.GET.get("channel", "")), None)
    query, is_archived = request.GET.get("q", "").strip(), request.GET.get("archived") == "1"
    context = {
        "page": "library",
        "slug": slug,
        "items": library.catalogue(query=query, channel=channel, is_archived=is_archived),
        "channels": channels,
        "channel": channel,
        "query": query,
        "is_archived": is_archived,
        "is_narrowed": bool(query or channel or is_archived),
        "can_edit": request.member.may("editor"),
    }
    return render(request, "touchpoints/library.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest, slug: str) -> HttpResponse:
    library.preload_channels(by=request.member, language=request.workspace.default_language)
    form = TouchpointForm(request.POST or None, workspace=request.workspace, initial={"name": request.GET.get("name", "")})
    if request.method == "POST" and form.is_valid():
        values = form.values()
        try:
            library.add_touchpoint(values.pop("name"), by=request.member, **values)
        except Refusal as refusal:
            return _refused(request, form, None, refusal)
        messages.success(request, _("Added to the library."))
        return redirect("touchpoints:library", slug)
    return _form(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    row = access.writable(Touchpoint, request.member, id)
    initial = {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}
    form = TouchpointForm(request.POST or None, workspace=request.workspace, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, row)
    seen = request.POST.get("revision", "")
    try:
        library.change_touchpoint(row, form.values(), by=request.member, seen=int(seen) if seen.isdecimal() else None)
    except Refusal as refusal:
        return _refused(request, form, row, refusal)
    messages.success(request, _("Saved."))
    return redirect("touchpoints:library", slug)


@require_POST
def archive(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    row = access.writable(Touchpoint, request.member, id)
    library.archive_touchpoint(row, is_archived=request.POST.get("archived") == "1", by=request.member)
    return redirect("touchpoints:library", slug)


@require_POST
def delete(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    library.delete_touchpoint(access.writable(Touchpoint, request.member, id), by=request.member)
    messages.success(request, _("Deleted."))
    return redirect("touchpoints:library", slug)


def _refused(request: MemberRequest, form: TouchpointForm, row: Touchpoint | None, refusal: Refusal) -> HttpResponse:
    field = next(iter(refusal.errors or ()), None)
    form.add_error(field if field in form.fields else None, refusal.text)
    return _form(request, form, row, status=refusal.status)


def _form(request: MemberRequest, form: TouchpointForm, row: Touchpoint | None, *, status: int = 200) -> HttpResponse:
    if form.is_bound and form.errors and status == 200:
        status = 400
    context: dict[str, Any] = {"page": "library", "slug": request.workspace.slug, "form": form, "item": row}
    if row is not None:
        context["maps"] = library.maps_of(row)
    return render(request, "touchpoints/library_item.html", context, status=status)
