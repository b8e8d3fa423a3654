"""Imports of touches: the list, the columns, the dry run, the progress, the undo."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cjm.lib.refusals import Refusal
from customers import importing
from customers.forms import MappingForm, UploadForm
from customers.import_pages import import_card, imports_page, rejected_lines
from customers.models import Import
from workspaces import access
from workspaces.requests import MemberRequest


def imports(request: MemberRequest, slug: str) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    status, problem = 200, None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = importing.receive_file(file, name=file.name, by=request.member)
            return redirect("customers:import", slug=slug, id=row.pk)
        except Refusal as no:
            status, problem = no.status, no
    elif request.method == "POST":
        status = 400
    context = {"page": "imports", "form": form, "problem": problem, "may_write": request.member.may("editor")}
    listed = imports_page(request.GET.get("before", ""))
    return render(request, "customers/imports.html", context | listed, status=status)


@require_safe
def import_(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    row = access.readable(Import, request.member, id)
    return _show(request, row, MappingForm(row))


@require_POST
def map_import(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    row = access.writable(Import, request.member, id)
    form = MappingForm(row, request.POST)
    problem = None
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("timezone", "source", "historical", "event", "channel")}
        try:
            importing.map_columns(row, fields=form.chosen, by=request.member, **values)
            return redirect("customers:import", slug=slug, id=id)
        except Refusal as no:
            problem = no
    return _show(request, row, form, problem=problem, status=problem.status if problem else 400)


@require_POST
def start_import(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    importing.start_import(access.writable(Import, request.member, id), by=request.member)
    return redirect("customers:import", slug=slug, id=id)


def undo_import(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    row = access.writable(Import, request.member, id)
    if request.method != "POST":
        return render(request, "customers/import_undo.html", import_card(row, member=request.member))
    importing.undo_import(row, by=request.member)
    return redirect("customers:import", slug=slug, id=id)


@require_safe
def import_progress(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    row = access.readable(Import, request.member, id)
    answer = render(request, "customers/_import_progress.html", import_card(row, member=request.member))
    if not importing.is_working(row):
        answer.headers["HX-Refresh"] = "true"
    return answer


@require_safe
def import_rejected(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    row = access.readable(Import, request.member, id)
    answer = HttpResponse("".join(rejected_lines(row)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_("rejected-rows")}-{row.pk}.csv"'
    return answer


def _show(
    request: MemberRequest, row: Import, form: MappingForm, *, problem: Refusal | None = None, status: int = 200
) -> HttpResponse:
    context = import_card(row, member=request.member)
    columns = zip(form.columns, context.get("samples", []), strict=False)
    return render(
        request, "customers/import.html", context | {"form": form, "columns": columns, "problem": problem}, status=status
    )
