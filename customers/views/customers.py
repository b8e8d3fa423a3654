"""The list of customers and the card of one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cjm.lib import tables
from customers import card, customer_pages, listing
from customers.identity import find_customer
from workspaces.requests import MemberRequest


@require_safe
def customers(request: MemberRequest, slug: str) -> HttpResponse:
    wanted = customer_pages.read_wanted(request.GET)
    if request.GET.get("format") == "csv":
        answer = HttpResponse("".join(tables.write_rows(customer_pages.table_of(wanted))), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = f'attachment; filename="{_("customers")}.csv"'
        return answer
    page = listing.find_page(wanted, cursor=request.GET.get("cursor", ""))
    context = {"page": "customers", "found": page, "wanted": wanted, **customer_pages.filters_of(wanted, request.GET)}
    return render(request, "customers/customers.html", context)


@require_safe
def customer(request: MemberRequest, slug: str, external_id: str) -> HttpResponse:
    person = find_customer(external_id)
    asked = {name: request.GET.get(word, "") for name, word in (("map_id", "map"), ("before", "before"), ("show", "show"))}
    found = card.load_card(person, settings=request.workspace.settings, **asked)
    template = "customers/_timeline.html" if request.htmx and asked["before"] else "customers/customer.html"
    return render(request, template, {"page": "customers", "card": found, "person": person})
