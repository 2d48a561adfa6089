"""Each page as its person set it: time zone and language; and a second factor first,
where this Herald demands one."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.locale import LocaleMiddleware
from django.urls import resolve, reverse
from django.utils import timezone, translation

from config.people.errors import EnrolFirst
from config.people.models import Session
from config.people.services.second_factor import factor_demanded, factor_of
from config.people.services.sessions import session_seen

API = "/api/"
# What somebody may open who must set up a second factor first.
OPEN = frozenset(
    {"admin:second_factor", "admin:logout", "admin:login", "admin:jsi18n", "healthz"}
)


class PageLanguageMiddleware(LocaleMiddleware):
    """Pages as the browser says; what programs read stays English."""

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language of the request."""
        if request.path_info.startswith(API):
            translation.activate(settings.LANGUAGE_CODE)
        else:
            super().process_request(request)


class PersonMiddleware:
    """Comes after authentication. Costs no query beyond the session's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse, or answer in the person's time zone and language."""
        if not request.user.is_authenticated:
            return self._get_response(request)
        row: Session | None = getattr(request.session, "row", None)
        person = row.user if row is not None and row.user else request.user
        session_seen(request.session)
        if refused := _enrol_first(request, person):
            return refused
        if request.path_info.startswith(API):
            return self._get_response(request)
        preferences = getattr(person, "preferences", None)
        zone = preferences.time_zone if preferences else ""
        language = preferences.language if preferences else ""
        with (
            timezone.override(_zone(zone)),
            translation.override(language or translation.get_language()),
        ):
            return self._get_response(request)


def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    """None is Herald's own: nothing chosen, or a zone that is no more."""
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return None


def _enrol_first(request: HttpRequest, person: User) -> HttpResponse | None:
    if factor_of(person) is not None or not factor_demanded(person):
        return None
    if resolve(request.path_info).view_name in OPEN:
        return None
    if request.path_info.startswith(API):
        error = EnrolFirst()
        body = {"code": error.code, "message": error.message, "extra": {}}
        return JsonResponse(body, status=403)
    return HttpResponseRedirect(reverse("admin:second_factor"))
