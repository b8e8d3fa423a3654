from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cjm.lib import conditions
from cjm.lib.refusals import Refusal
from customers import segments as deeds
from customers.forms import SegmentForm
from customers.models import Segment
from workspaces import access
from workspaces.requests import MemberRequest


def segments(request: MemberRequest, slug: str) -> HttpResponse:
    form = SegmentForm(request.POST or None)
    problem = None
    if request.method == "POST" and form.is_valid():
        try:
            deeds.add_segment(name=form.cleaned_data["name"], rule=form.rule, by=request.member)
            return redirect("customers:segments", slug=slug)
        except Refusal as no:
            problem = no
    rows = Segment.objects.filter(deleted_at__isnull=True).order_by("name", "pk")
    words = [(row, conditions.to_sentence(row.rule, request.LANGUAGE_CODE[:2])) for row in rows]
    status = 400 if request.method == "POST" else 200
    context = {
        "page": "customers",
        "form": form,
        "problem": problem,
        "segments": words,
        "may_write": request.member.may("editor"),
    }
    return render(request, "customers/segments.html", context, status=status)


@require_safe
def segment_size(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    row = access.readable(Segment, request.member, id)
    return render(request, "customers/_segment_size.html", {"row": row, "size": deeds.size_of(row)})


@require_POST
def delete_segment(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    deeds.delete_segment(access.writable(Segment, request.member, id), by=request.member)
    return redirect("customers:segments", slug=slug)
