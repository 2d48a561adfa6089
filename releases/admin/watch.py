"""Watch folders, and what was found in each: taken, or why not.

Which trackers there are, uploads knows: it adds them and registers the class.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Concat
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from common.admin import STYLES, chip
from common.figures import files_text, size_text
from releases.admin.acting import told_each
from releases.admin.readonly import ReadOnlyAdmin, page_link
from releases.admin.release_views import PREPARE
from releases.models import Candidate, WatchFolder
from releases.services.watches import candidate_reset

State = Candidate.State
TONES = {
    State.WAITING: "busy",
    State.SKIPPED: "warn",
    State.TAKEN: "good",
    State.KNOWN: "info",
}


def without_candidates(deleted: Any) -> Any:
    """The answer of `get_deleted_objects`, with candidates as nobody's to keep."""
    found, counts, lacking, protected = deleted
    return found, counts, lacking - {Candidate._meta.verbose_name}, protected


class WatchFolderForm(forms.ModelForm):  # type: ignore[type-arg]
    """The trackers to choose from are given by the admin that uses it."""

    targets = forms.MultipleChoiceField(
        label=gettext_lazy("Trackers"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=gettext_lazy("None chosen: every active tracker of the kind."),
    )
    trackers: list[tuple[str, str]] = []

    class Meta:
        model = WatchFolder
        fields = (
            *("library", "path", "depth", "settle_seconds", "kind", "targets"),
            *("owner", "is_active"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose = self.fields["targets"]
        assert isinstance(choose, forms.MultipleChoiceField)  # noqa: S101 - typing
        known = [slug for slug, _name in self.trackers]
        lost = [slug for slug in self.instance.targets if slug not in known]
        choose.choices = [*self.trackers, *((slug, slug) for slug in lost)]


class BaseWatchFolderAdmin(ModelAdmin):
    """The folders, when each was looked into, and how many things lie in it."""

    form = WatchFolderForm
    list_display = (
        *("name_cell", "state_cell", "candidates_cell", "settle_seconds", "kind"),
        *("owner", "scanned_at"),
    )
    search_fields = ("path", "library__name")
    fields = (
        *("library", "path", "depth", "settle_seconds", "kind", "targets"),
        *("owner", "is_active", "state_cell", "candidates_cell", "scanned_at"),
    )
    readonly_fields = ("state_cell", "candidates_cell", "scanned_at")

    class Media:
        css = {"all": [STYLES]}

    def tracker_choices(self) -> list[tuple[str, str]]:
        """Slugs and names to choose from; uploads knows them."""
        return []

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        """The form, with the trackers that there are."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"trackers": self.tracker_choices()})

    def get_queryset(self, request: HttpRequest) -> QuerySet[WatchFolder]:
        """Folders with the numbers of their candidates."""
        rows: QuerySet[WatchFolder] = super().get_queryset(request)
        counts = {
            f"{state}_count": Count("candidates", filter=Q(candidates__state=state))
            for state in State.values
        }
        return rows.select_related("owner").annotate(**counts)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A folder takes its candidates along, which nobody may delete by themselves."""
        return without_candidates(super().get_deleted_objects(objs, request))

    @admin.display(
        description=gettext_lazy("Folder"), ordering=Concat("library__name", "path")
    )
    def name_cell(self, watch: WatchFolder) -> str:
        """Library and folder."""
        return str(watch)

    @admin.display(description=gettext_lazy("State"))
    def state_cell(self, watch: WatchFolder) -> SafeString:
        """Whether it is looked into, and what keeps it from being."""
        if watch.pk is None or not watch.is_active:
            return chip(_("Off"))
        if watch.problem:
            told = chip(_("Problem"), "bad", title=watch.problem)
            return format_html(
                '<span class="hd-cell">{} <span class="hd-note">{}</span></span>',
                *(told, watch.problem),
            )
        if watch.scanned_at is None:
            return chip(_("Not looked into yet"), "info")
        return chip(_("Watched"), "good")

    @admin.display(description=gettext_lazy("Found in it"))
    def candidates_cell(self, watch: Any) -> SafeString | str:
        """How many wait, are skipped and were taken, linked to them."""
        url = reverse("admin:releases_candidate_changelist")
        counts = [
            (url, watch.pk, state, getattr(watch, f"{state}_count", 0), label.lower())
            for state, label in State.choices
        ]
        links = format_html_join(
            "",
            '<a class="hd-link hd-nowrap" href="{}?watch__id__exact={}'
            '&amp;state__exact={}">{} {}</a>',
            [one for one in counts if one[3]],
        )
        return format_html('<span class="hd-cell">{}</span>', links) if links else "—"


@admin.register(Candidate)
class CandidateAdmin(ReadOnlyAdmin):
    """Everything that lies in a watch folder, with why it waits or was skipped."""

    list_display = (
        *("path_cell", "state_cell", "why_cell", "watch", "size_cell", "looked_at"),
    )
    list_display_links = None
    list_filter = ("state", "watch")
    list_select_related = ("watch__library", "release")
    deferred = (
        "release__metadata",
        "release__overrides",
        "release__given_torrent",
        "release__notices",
    )
    search_fields = ("path", "message")
    search_help_text = gettext_lazy("Name, or why it waits")
    ordering = ("-seen_at", "-pk")
    fields = (
        *("path", "watch", "state_cell", "why_cell", "size_cell"),
        *("seen_at", "looked_at"),
    )
    actions = ("look_again",)

    def has_look_again_permission(self, request: HttpRequest) -> bool:
        """Who may prepare releases."""
        return request.user.has_perm(PREPARE)

    @admin.action(
        description=gettext_lazy("Look again, also at what was deleted as a release"),
        permissions=["look_again"],
    )
    def look_again(self, request: HttpRequest, rows: QuerySet[Candidate]) -> None:
        """Forget what was seen of the chosen ones."""
        told_each(
            request,
            list(rows.values_list("pk", flat=True)),
            candidate_reset,
            _("looked at again."),
            permission=PREPARE,
            what=_("prepare releases"),
        )

    @admin.display(description=gettext_lazy("Name"), ordering="path")
    def path_cell(self, row: Candidate) -> SafeString:
        """Its name, as a link to the release once it is one."""
        if row.release is not None:
            return page_link(row.release, row.path)
        return format_html('<span class="hd-path">{}</span>', row.path)

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_cell(self, row: Candidate) -> SafeString:
        """Taken, waiting or skipped."""
        return chip(row.get_state_display(), TONES[State(row.state)])

    @admin.display(description=gettext_lazy("Why"))
    def why_cell(self, row: Candidate) -> str:
        """The sentence behind the state."""
        if row.state in (State.TAKEN, State.KNOWN) and row.release is None:
            return _(
                "Its release was deleted, so it is left alone. Choose “Look again” to "
                "take it anew."
            )
        if row.looked_at is None and row.state == State.WAITING:
            return row.message or _("Not looked at yet.")
        return row.message

    @admin.display(description=gettext_lazy("Size"), ordering="total_size")
    def size_cell(self, row: Candidate) -> str:
        """Files and bytes, once they were read."""
        if not row.file_count:
            return "—"
        return f"{files_text(row.file_count)}, {size_text(row.total_size)}"
