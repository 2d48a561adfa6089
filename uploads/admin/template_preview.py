"""What a template makes of a release, or of the sample, in the words of a tracker."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from releases.models import Release
from releases.states import ReleaseState
from trackers.errors import TrackerError
from trackers.markup import DIALECTS, render_bbcode
from trackers.models import Template, Tracker
from trackers.registry import get_adapter_class
from trackers.rendering.render import RenderingBroken, render
from trackers.rendering.sample import sample_context
from trackers.services.adapters import adapter_open
from trackers.types import Markup
from uploads.services.contents import release_context

SAMPLE = "sample"
MOST_RELEASES = 30
RENDERABLE = (ReleaseState.READY, ReleaseState.APPROVED, ReleaseState.PUBLISHED)
# Fields that hold a site's markup; the others are sent as they are.
MARKED_UP = ("description", "release_description")


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedField:
    """One field: its text, its safe HTML where it is markup, names without a value."""

    name: str
    text: str
    html: SafeString | None
    undefined: tuple[str, ...]

    @property
    def characters(self) -> int:
        """The text's length."""
        return len(self.text)


@dataclass(kw_only=True)
class Preview:
    """The page's choices (value, label), what is chosen, and what came out."""

    releases: list[tuple[str, str]]
    trackers: list[tuple[str, str]]
    release_id: str
    tracker_slug: str
    rendered: list[RenderedField] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def marked(self) -> list[RenderedField]:
        """Fields in the site's markup."""
        return [one for one in self.rendered if one.html is not None]

    @property
    def plain(self) -> list[RenderedField]:
        """All others."""
        return [one for one in self.rendered if one.html is None]


def preview_render(
    template: Template,
    fields: Mapping[str, str],
    *,
    release_id: str,
    tracker_slug: str,
    may_see_releases: bool,
) -> Preview:
    """Render `fields` (a layout's included). What is wrong is in `problems`."""
    releases = _releases(template.kind) if may_see_releases else {}
    trackers = {row.slug: row for row in _trackers(template)}
    release = releases.get(release_id)
    if release is None and release_id != SAMPLE:
        release = next(iter(releases.values()), None)
    tracker = trackers.get(tracker_slug) or next(iter(trackers.values()), None)
    preview = Preview(
        releases=[(key, str(row)) for key, row in releases.items()]
        + [(SAMPLE, _("A made-up sample"))],
        trackers=[(row.slug, row.name) for row in trackers.values()],
        release_id=str(release.pk) if release else SAMPLE,
        tracker_slug=tracker.slug if tracker else "",
    )
    if tracker is None:
        preview.problems.append(
            _("There is no tracker of family %(family)s to render for. Add one.")
            % {"family": template.family}
        )
    elif fields:
        _fill(preview, template, fields, release, tracker)
    return preview


def _releases(kind: str) -> dict[str, Release]:
    newest = (
        Release.objects.filter(kind=kind, state__in=RENDERABLE)
        .only("title", "name")
        .order_by("-pk")[:MOST_RELEASES]
    )
    return {str(row.pk): row for row in newest}


def _trackers(template: Template) -> list[Tracker]:
    """Trackers of the family, those that use the template first."""
    rows = Tracker.objects.filter(family=template.family).order_by("name")
    using = set(template.choices.values_list("tracker_id", flat=True))
    return sorted(rows, key=lambda row: row.pk not in using)


def _fill(
    preview: Preview,
    template: Template,
    fields: Mapping[str, str],
    release: Release | None,
    tracker: Tracker,
) -> None:
    if release is not None:
        whole = Release.objects.select_related("library").get(pk=release.pk)
        context = release_context(whole, tracker)
    else:
        names = {"slug": tracker.slug, "name": tracker.name}
        context = {**sample_context(template.kind), "tracker": names}
    try:
        with adapter_open(tracker, None) as adapter:
            context["site"] = adapter.site_values(template.kind, context)
        result = render(fields, context)
    except (TrackerError, RenderingBroken) as exc:
        preview.problems.append(str(exc))
        return
    preview.problems += [str(error) for error in result.errors]
    preview.rendered = [
        RenderedField(
            name=name,
            text=text,
            html=_html(name, text, tracker),
            undefined=result.undefined.get(name, ()),
        )
        for name, text in result.fields.items()
        if not name.startswith("_")
    ]


def _html(name: str, text: str, tracker: Tracker) -> SafeString | None:
    dialect = str(tracker.options.get("dialect", ""))
    markup = get_adapter_class(tracker.family).markup
    if name not in MARKED_UP or markup is not Markup.BBCODE or dialect not in DIALECTS:
        return None
    # nh3 cleans it last, in trackers.markup.
    return mark_safe(render_bbcode(text, dialect))  # noqa: S308
