"""“My account”: password, time zone, language, and where one is signed in."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters

from config.access import tokens_of
from config.account.agents import agent_text
from config.account.forms import NewPasswordForm, PreferencesForm
from config.people.models import PersonEvent, Session
from config.people.services.events import event_note
from config.people.services.preferences import preferences_save
from config.people.services.second_factor import codes_left, factor_demanded, factor_of
from config.people.services.sessions import session_begin, sessions_end, sessions_of


def account_view(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _page(request)


@sensitive_post_parameters()
def password_view(request: HttpRequest) -> HttpResponse:
    """A new password ends every other session."""
    person = me(request)
    form = NewPasswordForm(request, person, request.POST)
    if not form.is_valid():
        return _page(request, status=429 if form.locked else 422, password=form)
    form.save()
    update_session_auth_hash(request, person)
    session_begin(request)
    sessions_end(person, actor=person, keep=request.session.session_key)
    event_note(PersonEvent.Kind.PASSWORD, person=person, actor=person)
    messages.success(
        request, _("The password is changed, and every other session has ended.")
    )
    return back()


def preferences_view(request: HttpRequest) -> HttpResponse:
    """Time zone and language."""
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, preferences=form)
    preferences_save(me(request), **form.cleaned_data)
    messages.success(request, _("Saved."))
    return back()


def sessions_view(request: HttpRequest) -> HttpResponse:
    """End one session, by its handle, or all the others."""
    person = me(request)
    count = sessions_end(
        person,
        actor=person,
        keep=request.session.session_key,
        handle=request.POST.get("session", ""),
    )
    messages.success(
        request, ngettext("%d session ended.", "%d sessions ended.", count) % count
    )
    return back()


def me(request: HttpRequest) -> User:
    """Who asks; the admin lets nobody else in."""
    return cast(User, request.user)


def back() -> HttpResponse:
    """To the page."""
    return HttpResponseRedirect(reverse("admin:account"))


def session_rows(rows: Any, current: str | None) -> list[dict[str, Any]]:
    """Sessions as pages show them."""
    return [
        {
            "session": row,
            "handle": row.handle,
            "device": agent_text(row.agent),
            "is_this": row.session_key == current,
        }
        for row in cast("list[Session]", rows)
    ]


def _page(request: HttpRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    person = me(request)
    now = getattr(person, "preferences", None)
    chosen = {
        "time_zone": now.time_zone if now else "",
        "language": now.language if now else "",
    }
    context = {
        **admin.site.each_context(request),
        "title": _("My account"),
        "password_form": forms.get("password") or NewPasswordForm(request, person),
        "preferences_form": forms.get("preferences") or PreferencesForm(initial=chosen),
        "factor": factor_of(person),
        "factor_demanded": factor_demanded(person),
        "codes_left": codes_left(person),
        "roles": [group.name for group in person.groups.all()],
        "sessions": session_rows(sessions_of(person), request.session.session_key),
        "tokens": tokens_of(person).order_by("-pk"),
    }
    return TemplateResponse(request, "admin/account/page.html", context, status=status)
