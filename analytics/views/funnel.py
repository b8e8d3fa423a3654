"""The funnel page, the part of it that is asked again while figures are counted, and its table as a file."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from analytics import dashboard, figures, funnel_page, periods
from analytics.templatetags.figures import short_day
from cjm.lib import clock, tables
from cjm.lib.refusals import NotFound, Refusal
from customers.models import Segment
from workspaces.requests import MemberRequest
from workspaces.templatetags.ui import language


@require_GET
def funnel(request: MemberRequest, slug: str) -> HttpResponse:
    maps = funnel_page.maps_to_choose()
    row = funnel_page.choose_map(maps, request.GET.get("map", ""))
    if row is None:
        return render(request, "analytics/funnel_empty.html", {"slug": slug, "page": "funnel"})
    asked = dashboard.read(request.GET, workspace=request.workspace, row=row, now=clock.now())
    if not asked.stages:
        return render(request, "analytics/funnel_empty.html", {"slug": slug, "page": "funnel", "map": row})
    found = funnel_page.load(asked, now=clock.now())
    context = {
        "page": "funnel",
        "slug": slug,
        "maps": maps,
        "asked": asked,
        "found": found,
        "modes": dashboard.MODES,
        "windows": dashboard.WINDOWS,
        "periods": periods.CHOICES,
        "segments": list(Segment.objects.living().order_by("name", "id")[:100]),
        "figure": _figure(found),
    }
    template = "analytics/_funnel.html" if request.htmx else "analytics/funnel.html"
    return render(request, template, context)


@require_GET
def funnel_csv(request: MemberRequest, slug: str) -> StreamingHttpResponse:
    """The table as a file, with the same filters as the page."""
    row = funnel_page.choose_map(funnel_page.maps_to_choose(), request.GET.get("map", ""))
    if row is None:
        raise NotFound(_("There is no such map here."))
    asked = dashboard.read(request.GET, workspace=request.workspace, row=row, now=clock.now())
    if not asked.stages:
        raise NotFound(_("This map has no stages."))
    found = funnel_page.load(asked, now=clock.now())
    if not found.rows:
        raise Refusal("still_counting", _("The figures are still being counted; ask again in a moment."), status=503)
    name = f"funnel-{asked.period.first}-{asked.period.last}.csv"
    response = StreamingHttpResponse(list(tables.write_rows(funnel_page.sheet(found))), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _figure(found: funnel_page.Page) -> str:
    """The trend for the browser's own drawing; empty where there is none."""
    if found.trend is None:
        return ""
    words = {
        "band": _("expected band, 95%"), "before": _("the period before"), "now": _("this period"), "anomaly": _("anomalies"),
    }  # fmt: skip
    days = [(day, short_day(day)) for _x, day in found.trend.ticks]
    return figures.trend_figure(found.trend, words=words, days=days, separators=", " if language() == "ru" else ".,")
