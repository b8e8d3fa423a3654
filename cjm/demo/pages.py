"""The pages behind the demo's badge: how far its traffic is in, and the two ways to be rid of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cjm.lib.clock import now
from cjm.lib.refusals import NotFound, Refusal
from workspaces.requests import DoorRequest

from .ending import delete, reset
from .progress import progress_of
from .shop_map import NOTICE


@require_http_methods(["GET", "POST"])
def page(request: DoorRequest, slug: str) -> HttpResponse:
    """What the demo is, and the deeds on it; their dialogs ask for the confirmation."""
    _check(request)
    if request.method == "POST":
        return _reset(request) if request.POST.get("deed") == "reset" else _delete(request)
    return render(request, "demo/demo.html", {"progress": progress_of(request.workspace), "notice": NOTICE[_pick(request)]})


@require_GET
def progress(request: DoorRequest, slug: str) -> HttpResponse:
    """The bar alone, for the pages that show it."""
    _check(request)
    return render(request, "demo/_progress.html", {"progress": progress_of(request.workspace)})


def _check(request: DoorRequest) -> None:
    if not request.workspace.is_demo:
        raise NotFound(_("There is no such page."))


def _reset(request: DoorRequest) -> HttpResponse:
    fresh = reset(request.workspace, base_now=now())
    messages.success(request, _("The demo is new again. Its traffic is still coming in."))
    return redirect("journeys:home", slug=fresh.slug)


def _delete(request: DoorRequest) -> HttpResponse:
    if request.POST.get("deed") != "delete":
        raise Refusal("unknown_deed", _("Say what to do with the demo."))
    delete(request.workspace)
    messages.success(request, _("The demo is deleted."))
    return redirect("front")


def _pick(request: HttpRequest) -> int:
    return 0 if getattr(request, "LANGUAGE_CODE", "ru") == "ru" else 1
