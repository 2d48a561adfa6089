"""Filters of the list of releases that know uploads and people."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.ids import is_id
from releases.admin.release_views import DECIDE, PREPARE
from releases.models import Release
from releases.states import ReleaseState
from trackers.models import Tracker
from uploads.admin.filters import ready_releases
from uploads.models import DuplicateSearch, Upload
from uploads.states import UploadStatus

# SQLite cannot look into lists of JSON. Both databases write it like this, and a quote
# inside of a text is escaped.
RECORDING = '"code": "other_recording"'
NOBODY = "nobody"
MOST_PEOPLE = 100

Rows = QuerySet[Release]


class TrackerFilter(admin.SimpleListFilter):
    """Releases with an upload to one tracker."""

    title = _("tracker")
    parameter_name = "tracker"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every tracker that there is."""
        return list(Tracker.objects.values_list("slug", "name"))

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """Those with a live upload there."""
        if not self.value():
            return queryset
        uploads = (
            Upload.objects.filter(tracker__slug=self.value())
            .exclude(status=UploadStatus.CANCELLED)
            .order_by()
        )
        return queryset.filter(pk__in=uploads.values("release_id"))


class WaitingFilter(admin.SimpleListFilter):
    """What this person's role can do something about."""

    title = _("waiting for")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Me, or all of us."""
        return [("me", _("Me"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """For who decides: what can be approved. For who prepares: what is stuck."""
        if self.value() != "me":
            return queryset
        if request.user.has_perm(DECIDE):
            return ready_releases(queryset, blocked=False)
        if request.user.has_perm(PREPARE):
            blocked = ready_releases(Release.objects.order_by(), blocked=True)
            return queryset.filter(
                Q(state=ReleaseState.FAILED) | Q(pk__in=blocked.values("pk"))
            )
        return queryset.none()


class FoundFilter(admin.SimpleListFilter):
    """Releases with a draft about which something was found.

    Only drafts count: what was sent cannot be mended here. They are few, however
    many releases there are, and found by an index.
    """

    title = _("found in drafts")
    parameter_name = "found"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """From what stops an upload to what only deserves a look."""
        return [
            ("errors", _("Errors")),
            ("warnings", _("Warnings")),
            ("duplicates", _("Duplicates")),
            ("recording", _("Another recording?")),
        ]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """Those with at least one such draft."""
        drafts = Upload.objects.filter(status=UploadStatus.DRAFT).order_by()
        if self.value() == "errors":
            found = drafts.filter(errors__gt=0)
        elif self.value() == "warnings":
            found = drafts.filter(warnings__gt=0)
        elif self.value() == "duplicates":
            theirs = DuplicateSearch.objects.filter(warned__gt=0).values("upload")
            found = drafts.filter(Q(own_duplicates__gt=0) | Q(pk__in=theirs))
        elif self.value() == "recording":
            warned = drafts.filter(warnings__gt=0)
            said = Cast("problems", TextField())
            found = warned.alias(said=said).filter(said__contains=RECORDING)
        else:
            return queryset
        return queryset.filter(pk__in=found.values("release_id"))


class MakerFilter(admin.SimpleListFilter):
    """Who added a release."""

    title = _("added by")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Oneself first, then everybody who added one."""
        added = Release.objects.filter(created_by=OuterRef("pk")).order_by()
        people = User.objects.filter(Exists(added)).order_by("username")
        names = [
            (str(pk), name)
            for pk, name in people.values_list("pk", "username")[:MOST_PEOPLE]
            if pk != request.user.pk
        ]
        return [("me", _("Me")), *names, (NOBODY, _("No person"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """Theirs; whatever is no number is nobody's."""
        value = self.value()
        if value is None:
            return queryset
        if value == NOBODY:
            return queryset.filter(created_by=None)
        wanted = str(request.user.pk) if value == "me" else value
        return queryset.filter(created_by_id=int(wanted) if is_id(wanted) else 0)
