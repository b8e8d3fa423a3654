"""Personas: the list, a card, the form."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cjm.lib.refusals import Conflict
from journeys import personas
from journeys.forms import PersonaForm
from journeys.models import JourneyMap, Persona
from workspaces import access
from workspaces.requests import MemberRequest


@require_GET
def personas_page(request: MemberRequest, slug: str) -> HttpResponse:
    rows = personas.list_personas()
    return render(request, "journeys/personas.html", {"page": "personas", "slug": slug, "personas": rows, **_rights(request)})


@require_GET
def persona(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    row = access.readable(Persona, request.member, id)
    context = {"page": "personas", "slug": slug, "persona": row, **_rights(request), **personas.maps_of(row)}
    return render(request, "journeys/persona.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def persona_new(request: MemberRequest, slug: str) -> HttpResponse:
    access.require(request.member, "editor")
    form = PersonaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = personas.create_persona(form.values(), by=request.member)
        messages.success(request, _("Saved."))
        return redirect("journeys:persona", slug, row.pk)
    return _form(request, slug, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def persona_edit(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    row = access.writable(Persona, request.member, id)
    form = PersonaForm(request.POST or None, instance=access.readable(Persona, request.member, id))
    if request.method != "POST" or not form.is_valid():
        return _form(request, slug, form, row)
    seen = request.POST.get("revision", "")
    try:
        personas.change_persona(row, form.values(), by=request.member, seen=int(seen) if seen.isdecimal() else None)
    except Conflict as conflict:
        form.add_error(None, conflict.text)
        return _form(request, slug, form, access.readable(Persona, request.member, id), status=409)
    messages.success(request, _("Saved."))
    return redirect("journeys:persona", slug, id)


@require_POST
def persona_delete(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    row = access.writable(Persona, request.member, id)
    personas.delete_persona(row, by=request.member)
    messages.success(request, _("The persona is deleted."))
    return redirect("journeys:personas", slug)


@require_POST
def map_persona(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    """Puts a persona on a map, takes it off or makes it the first; comes back to where it was asked."""
    map = access.writable(JourneyMap, request.member, request.POST.get("map", ""))
    row = access.readable(Persona, request.member, id)
    deed = {"remove": personas.remove_from_map, "first": personas.put_first}.get(request.POST.get("do", ""), personas.add_to_map)
    deed(map, row, by=request.member)
    if request.POST.get("from") == "map":
        return redirect("journeys:map_settings", slug, map.pk)
    return redirect("journeys:persona", slug, id)


def _form(request: MemberRequest, slug: str, form: PersonaForm, row: Persona | None, *, status: int = 0) -> HttpResponse:
    context = {"page": "personas", "slug": slug, "form": form, "persona": row}
    return render(request, "journeys/persona_form.html", context, status=status or (400 if form.errors else 200))


def _rights(request: MemberRequest) -> dict[str, Any]:
    return {"can_edit": request.member.may("editor")}
