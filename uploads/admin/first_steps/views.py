"""The addresses of the first steps: each form has its own, all answer with the page.

With HTMX they answer with the steps alone, which are swapped in; without it with the
whole page.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from common.errors import AppError
from releases.admin.acting import actor_id
from releases.admin.readonly import page_url
from releases.clients.errors import ClientLoginFailed
from releases.models import Library, Release, TorrentClient
from releases.services.browsing import Survey, folder_survey
from releases.services.clients import (
    client_adopt,
    client_password,
    client_save,
    client_test,
)
from releases.services.ingest import release_create
from trackers.models import Credential
from trackers.services.credentials import credential_test, credential_update
from trackers.services.seeds import trackers_seed
from uploads.admin.first_steps.forms import (
    AccountStepForm,
    ClientStepForm,
    LibraryStepForm,
    ReleaseStepForm,
    SitesStepForm,
)
from uploads.admin.first_steps.page import (
    FirstSteps,
    Said,
    account_of,
    client_of,
    first_steps,
    only_library,
)
from uploads.admin.first_steps.state import LATER, known

View = Callable[[HttpRequest], HttpResponse]


def first_step_urls(site: admin.AdminSite) -> list[URLPattern]:
    """The page, and where its forms are sent."""
    views: dict[str, View] = {
        "": require_GET(page_view),
        "look/": require_GET(look_view),
        "library/": require_POST(library_view),
        "client/": require_POST(sensitive_post_parameters()(client_view)),
        "later/": require_POST(later_view),
        "sites/": require_POST(sites_view),
        "account/": require_POST(sensitive_post_parameters()(account_view)),
        "release/": require_POST(release_view),
    }
    return [
        path(
            f"first-steps/{name}",
            site.admin_view(view),
            name=f"first_steps{'_' if name else ''}{name.rstrip('/')}",
        )
        for name, view in views.items()
    ]


# --- Looking -------------------------------------------------------------------------
def page_view(request: HttpRequest) -> HttpResponse:
    """The steps."""
    _must(request, "releases.view_release")
    return _answer(request, first_steps(request))


def look_view(request: HttpRequest) -> HttpResponse:
    """What a folder holds that is about to become a library; nothing is stored."""
    _must(request, "releases.add_library")
    context = {"said": _surveyed(request.GET.get("path", ""))}
    return render(request, "admin/first_steps/said.html", context)


def _surveyed(text: str) -> Said | None:
    if not text.strip():
        return None
    try:
        return _seen(folder_survey(text))
    except AppError as exc:
        return Said(ok=False, message=exc.message)


def _seen(found: Survey) -> Said:
    folders = ngettext("%(n)s folder", "%(n)s folders", found.folders)
    audio = ngettext("%(n)s audio file", "%(n)s audio files", found.audio)
    seen = _("Herald can read it and saw %(folders)s and %(audio)s.") % {
        "folders": folders % {"n": number_format(found.folders, force_grouping=True)},
        "audio": audio % {"n": number_format(found.audio, force_grouping=True)},
    }
    warnings = []
    if not found.is_whole:
        warnings.append(_("There is more; this is what two seconds showed."))
    if found.unreadable:
        warnings.append(
            ngettext(
                "%(n)s folder in it cannot be read.",
                "%(n)s folders in it cannot be read.",
                found.unreadable,
            )
            % {"n": found.unreadable}
        )
    if not found.audio:
        warnings.append(_("No audio file was seen. Is it the right folder?"))
    return Said(ok=True, message=seen, warnings=tuple(warnings))


# --- Doing ---------------------------------------------------------------------------
def library_view(request: HttpRequest) -> HttpResponse:
    """Store a library whose folder can be read."""
    _must(request, "releases.add_library")
    form = LibraryStepForm(request.POST)
    if not form.is_valid() or form.survey is None:
        return _answer(request, first_steps(request, library=form))
    library = form.save()
    _log_added(request, library)
    said = {"library": _seen(form.survey)}
    return _answer(request, first_steps(request, said=said))


def client_view(request: HttpRequest) -> HttpResponse:
    """Store a torrent client, ask it at once, and let it seed when it answers."""
    _must(request, "releases.add_torrentclient", "releases.change_library")
    rows = known(request.user)
    form = ClientStepForm(
        request.POST, instance=client_of(rows), library=only_library(rows)
    )
    if not form.is_valid():
        return _answer(request, first_steps(request, client=form))
    said = _client_asked(request, form)
    request.session.pop(LATER, None)
    return _answer(request, first_steps(request, said={"client": said}))


def _client_asked(request: HttpRequest, form: ClientStepForm) -> Said:
    client: TorrentClient = form.instance
    is_new = client.pk is None
    client.is_active = False  # until it has answered
    try:
        client_save(client)
        client_password(client, form.cleaned_data["password"])
        check = client_test(client)
    except AppError as exc:
        return Said(ok=False, message=exc.message)
    if is_new:
        _log_added(request, client)
    if check.code == ClientLoginFailed.code:  # the form is right here, not elsewhere
        told = _(
            "qBittorrent does not accept the user name or password. Correct them here."
        )
        return Said(ok=False, message=told)
    if not check.ok:
        return Said(ok=False, message=check.message)
    seeds = client_adopt(client, client_path=form.cleaned_data.get("client_path", ""))
    adopted = ngettext(
        "It seeds %(n)s library.", "It seeds %(n)s libraries.", seeds
    ) % {"n": seeds}
    return Said(ok=True, message=f"{check.message} {adopted}", warnings=check.warnings)


def later_view(request: HttpRequest) -> HttpResponse:
    """Put the torrent client off, or come back to it."""
    _must(request, "releases.view_release")
    request.session[LATER] = not request.session.get(LATER, False)
    return _answer(request, first_steps(request))


def sites_view(request: HttpRequest) -> HttpResponse:
    """Add the known sites and their templates."""
    _must(request, "trackers.add_tracker")
    form = SitesStepForm(request.POST)
    if not form.is_valid():
        return _answer(request, first_steps(request, sites=form))
    made = trackers_seed(sandbox_url=form.sandbox_url).made
    sites = [line for line in made if line.startswith("tracker ")]
    told = ngettext(
        "%(n)s site was added. Choose it, and add your account.",
        "%(n)s sites were added. Choose one, and add your account.",
        len(sites),
    ) % {"n": len(sites)}
    said = {"tracker": Said(ok=True, message=told)}
    return _answer(request, first_steps(request, said=said))


def account_view(request: HttpRequest) -> HttpResponse:
    """Store an account, and ask its tracker at once who it is."""
    _must(request, "trackers.add_credential", "trackers.change_credential")
    page = first_steps(request)
    if page.tracker is None:
        said = Said(ok=False, message=_("Choose a tracker first."))
        return _answer(request, first_steps(request, said={"tracker": said}))
    form = AccountStepForm(request.POST, instance=account_of(page.tracker, page.rows))
    if not form.is_valid():
        return _answer(request, first_steps(request, account=form))
    said = _account_asked(request, form)
    again = first_steps(request, said={"tracker": said}, account_done=said.ok)
    return _answer(request, again)


def _account_asked(request: HttpRequest, form: AccountStepForm) -> Said:
    row: Credential = form.save(commit=False)
    is_new = row.pk is None
    try:
        row.save(update_fields=None if is_new else form.Meta.fields)
        credential_update(row, form.given)
    except AppError as exc:
        return Said(ok=False, message=exc.message)
    if is_new:
        _log_added(request, row)
    result = credential_test(row)
    return Said(
        ok=result.ok,
        message=f"{row.tracker}: {result.message}",
        warnings=tuple(result.warnings),
    )


def release_view(request: HttpRequest) -> HttpResponse:
    """Make a release, and go to its page."""
    _must(request, "releases.add_release")
    form = ReleaseStepForm(request.POST)
    if form.is_valid():
        try:
            release = release_create(path=form.path, actor_id=actor_id(request))
        except AppError as exc:
            form.refuse(exc)
        else:
            _log_added(request, release)
            return _go_to(request, page_url(release))
    return _answer(request, first_steps(request, release=form))


# --- What they share -----------------------------------------------------------------
def _must(request: HttpRequest, *permissions: str) -> None:
    if not request.user.has_perms(permissions):
        raise PermissionDenied


def _log_added(
    request: HttpRequest, row: Library | TorrentClient | Credential | Release
) -> None:
    site_admin = admin.site.get_model_admin(type(row))
    site_admin.log_addition(request, row, [{"added": {}}])


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _answer(request: HttpRequest, steps: FirstSteps) -> HttpResponse:
    if _is_htmx(request):
        return render(request, "admin/first_steps/steps.html", {"first": steps})
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("First steps"),
        "first": steps,
    }
    return TemplateResponse(request, "admin/first_steps/page.html", context)


def _go_to(request: HttpRequest, url: str) -> HttpResponse:
    if not _is_htmx(request):
        return HttpResponseRedirect(url)
    return HttpResponse(status=204, headers={"HX-Redirect": url})
