"""What the page of the first steps shows: the steps, their forms, and answers."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from common.errors import AppError
from common.ids import is_id
from releases.models import Library, TorrentClient
from releases.services.browsing import Listing, folder_list
from trackers.addresses import sandbox_keys_page
from trackers.models import Credential, Tracker
from uploads.admin.first_steps.forms import (
    AccountStepForm,
    ClientStepForm,
    LibraryStepForm,
    ReleaseStepForm,
    SitesStepForm,
)
from uploads.admin.first_steps.state import Known, Step, known, steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What came of the last click on a step's button."""

    ok: bool
    message: str
    warnings: tuple[str, ...] = ()


@dataclass(kw_only=True)
class FirstSteps:
    """Everything the steps' templates need."""

    steps: list[Step]
    rows: Known
    library: LibraryStepForm
    client: ClientStepForm
    sites: SitesStepForm
    release: ReleaseStepForm
    tracker: Tracker | None = None
    account: AccountStepForm | None = None
    listing: Listing | None = None
    listing_problem: str = ""
    said: dict[str, Said] = field(default_factory=dict)

    @property
    def count_done(self) -> int:
        """Steps that are done."""
        return sum(step.done for step in self.steps)

    @property
    def current(self) -> str:
        """The first step that is neither done nor put off."""
        open_steps = (s.name for s in self.steps if not s.done and not s.later)
        return next(open_steps, "")

    @property
    def can_add_release(self) -> bool:
        """Whether a release would find a library and a tracker."""
        done = {step.name for step in self.steps if step.done}
        return {"library", "tracker"} <= done

    @property
    def keys_page(self) -> str:
        """Where keys for the chosen tracker are to be copied; "" for a real site."""
        return sandbox_keys_page(self.tracker.base_url) if self.tracker else ""


def first_steps(
    request: HttpRequest,
    *,
    said: dict[str, Said] | None = None,
    account_done: bool = False,
    **forms: Any,
) -> FirstSteps:
    """The page for this person; `forms` holds those that were sent and have errors."""
    rows = known(request.user)
    listed, problem = _listing(request, rows)
    tracker = None if account_done else _tracker(request, rows)
    account = forms.get("account")
    if account is None and tracker is not None:
        account = AccountStepForm(instance=account_of(tracker, rows))
    return FirstSteps(
        steps=steps(request.user, rows, request.session),
        rows=rows,
        library=forms.get("library") or LibraryStepForm(),
        client=forms.get("client")
        or ClientStepForm(
            instance=client_of(rows), library=only_library(rows), initial=_address(rows)
        ),
        sites=forms.get("sites") or SitesStepForm(),
        release=forms.get("release") or ReleaseStepForm(),
        tracker=tracker,
        account=account,
        listing=listed,
        listing_problem=problem,
        said=said or {},
    )


def client_of(rows: Known) -> TorrentClient:
    """The client to go on with: the one that was tried, or a new one."""
    return rows.clients[0] if rows.clients else TorrentClient(name="qBittorrent")


def _address(rows: Known) -> dict[str, str]:
    return {} if rows.clients else {"url": "http://localhost:8080"}


def only_library(rows: Known) -> Library | None:
    """The one library there is, whose folder the client may name otherwise."""
    return rows.places[0].library if len(rows.places) == 1 else None


def account_of(tracker: Tracker, rows: Known) -> Credential:
    """The account to go on with: one of the tracker that does not work, or a new one."""
    tried = [
        one
        for one in rows.accounts
        if one.tracker_id == tracker.pk and one not in rows.working
    ]
    return tried[0] if tried else Credential(tracker=tracker, label=_new_label(rows))


def _new_label(rows: Known) -> str:
    return _("my account") if not rows.accounts else rows.accounts[0].label


def _tracker(request: HttpRequest, rows: Known) -> Tracker | None:
    """The one that was chosen; else one whose account failed, so that it is mended."""
    wanted = request.POST.get("tracker") or request.GET.get("tracker", "")
    if is_id(wanted):
        return next((one for one in rows.trackers if one.pk == int(wanted)), None)
    tried = [one.tracker_id for one in rows.accounts if one not in rows.working]
    if rows.working or not tried:
        return rows.trackers[0] if len(rows.trackers) == 1 and not tried else None
    return next((one for one in rows.trackers if one.pk == tried[0]), None)


def _listing(request: HttpRequest, rows: Known) -> tuple[Listing | None, str]:
    path = request.POST.get("in") or request.GET.get("folder", "")
    readable = [place.library for place in rows.places if place.is_readable]
    if not readable or not request.user.has_perm("releases.add_release"):
        return None, ""
    try:
        return folder_list(path or readable[0].path), ""
    except AppError as exc:
        return None, exc.message
