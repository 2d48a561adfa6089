"""The queue's page, and what a person does on it."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from common.ids import ids_of, is_id
from releases.admin.acting import actor_id, told, told_each
from uploads.admin.queue.rows import failed_of, queue
from uploads.admin.upload_views import DRIVE, parse_priority
from uploads.services.ordering import upload_place
from uploads.services.queueing import (
    HIGHEST,
    LOWEST,
    upload_cancel,
    upload_prioritise,
    upload_retry,
    upload_send_now,
)

MOST_AT_ONCE = 200
PAGES = ("due", "waiting")


def queue_urls(site: admin.AdminSite) -> list[URLPattern]:
    """The page, and where its buttons lead."""
    return [
        path("queue/", site.admin_view(require_GET(queue_view)), name="queue"),
        path("queue/act/", site.admin_view(require_POST(act_view)), name="queue_act"),
    ]


def queue_view(request: HttpRequest) -> HttpResponse:
    """The queue; with HTMX only what changes."""
    if not request.user.has_perm("uploads.view_upload"):
        raise PermissionDenied
    return _shown(request)


def act_view(request: HttpRequest) -> HttpResponse:
    """Do what the pressed button says, and show the queue as it is then."""
    if not request.user.has_perm("uploads.view_upload"):
        raise PermissionDenied
    given = request.POST
    if "cause" in given:
        _retry_cause(request)
    elif "bulk" in given:
        _do(request, given["bulk"], ids_of(given.getlist("upload")))
    elif is_id(given.get("place", "")):
        _place(request, int(given["place"]))
    else:
        for name in _ACTIONS:
            if name in given:
                _do(request, name, ids_of([given[name]]))
    if request.headers.get("HX-Request") == "true":
        return _shown(request)
    return HttpResponseRedirect(reverse("admin:queue"))


def _shown(request: HttpRequest) -> HttpResponse:
    context = {
        "queue": queue(request),
        "may_drive": request.user.has_perm(DRIVE),
        "lowest": LOWEST,
        "highest": HIGHEST,
        "pages": {name: request.GET.get(name, "1") for name in PAGES},
    }
    if request.headers.get("HX-Request") == "true":
        return render(request, "admin/queue/live.html", {**context, "tell": True})
    page = {**admin.site.each_context(request), "title": _("Queue"), **context}
    return TemplateResponse(request, "admin/queue/page.html", page)


# --- What the buttons do ---------------------------------------------------------------
def _do(request: HttpRequest, name: str, ids: list[int]) -> None:
    if name not in _ACTIONS:
        return
    if not ids:
        messages.warning(request, _("Nothing was chosen. Tick some rows first."))
        return
    call, done, what = _ACTIONS[name]
    told_each(
        request,
        ids[:MOST_AT_ONCE],
        lambda pk: call(request, pk),
        str(done),
        permission=DRIVE,
        what=str(what),
    )


def _prioritise(request: HttpRequest, pk: int) -> None:
    upload_prioritise(
        upload_id=pk,
        priority=parse_priority(request.POST.get("priority", "")),
        actor_id=actor_id(request),
    )


Call = Callable[[HttpRequest, int], None]
_ACTIONS: dict[str, tuple[Call, Promise, Promise]] = {
    "send": (
        lambda request, pk: upload_send_now(upload_id=pk, actor_id=actor_id(request)),
        gettext_lazy("to be sent now."),
        gettext_lazy("send uploads now"),
    ),
    "retry": (
        lambda request, pk: upload_retry(upload_id=pk, actor_id=actor_id(request)),
        gettext_lazy("queued again."),
        gettext_lazy("retry uploads"),
    ),
    "cancel": (
        lambda request, pk: upload_cancel(upload_id=pk, actor_id=actor_id(request)),
        gettext_lazy("cancelled."),
        gettext_lazy("cancel uploads"),
    ),
    "prioritise": (
        _prioritise,
        gettext_lazy("have their new priority."),
        gettext_lazy("prioritise uploads"),
    ),
}


def _place(request: HttpRequest, pk: int) -> None:
    before, after = (request.POST.get(name, "") for name in ("before", "after"))
    told(
        request,
        lambda: upload_place(
            upload_id=pk,
            before_id=int(before) if is_id(before) else None,
            after_id=int(after) if is_id(after) else None,
            actor_id=actor_id(request),
        ),
        "",
        permission=DRIVE,
        what=_("prioritise uploads"),
    )


def _retry_cause(request: HttpRequest) -> None:
    tracker = request.POST.get("tracker", "")
    ids = failed_of(request.POST["cause"], int(tracker)) if is_id(tracker) else []
    _do(request, "retry", ids)
    if len(ids) > MOST_AT_ONCE:
        left = len(ids) - MOST_AT_ONCE
        messages.info(
            request,
            _("%(left)s more are left; press the button again.") % {"left": left},
        )
