"""Pages of the installation itself: the front door, health, the API's document."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_GET
from drf_spectacular.views import SpectacularAPIView

from cjm import vitals
from workspaces.models import Membership

schema = SpectacularAPIView.as_view()


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """Sign-in, or the home of the first workspace, or the making of one."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    member = (
        Membership.objects.select_related("workspace")
        .filter(user_id=request.user.pk, removed_at__isnull=True)
        .order_by("workspace__is_demo", "created_at", "id")
        .first()
    )
    if member is None:
        return redirect("workspaces:new")
    return redirect("journeys:home", slug=member.workspace.slug)


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    is_ready, said = vitals.readiness()
    return JsonResponse({"ready": is_ready, **said}, status=200 if is_ready else 503)


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(vitals.figures(), content_type="text/plain; version=0.0.4")


@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("img/mark.svg"))


@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/reference.html", {"version": settings.SPECTACULAR_SETTINGS["VERSION"]})
