"""What a template makes of a release, for a tracker; nothing is stored or sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.errors import AppError
from releases.models import Release
from releases.states import ReleaseState
from trackers.models import Template, Tracker
from trackers.rendering.render import RenderingBroken, render
from trackers.rendering.sample import sample_context
from trackers.rendering.types import RenderError
from trackers.services.adapters import adapter_open
from uploads.errors import UploadError
from uploads.services.contents import release_context

UNFINISHED = (ReleaseState.NEW, ReleaseState.PREPARING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`undefined` maps a field to the names it printed that have no value."""

    fields: dict[str, str]
    errors: list[RenderError]
    undefined: dict[str, list[str]]


def template_preview(
    template: Template,
    fields: Mapping[str, str],
    *,
    tracker: Tracker,
    release: Release | None = None,
) -> Preview:
    """Render `fields` (a layout's included) as `tracker` would get them.

    Without a release it is a made-up sample. Raises UploadError for a tracker of
    another family and for a release that is not prepared, TrackerConfigError, and
    AppError when nothing can be rendered on this machine.
    """
    if tracker.family != template.family:
        raise UploadError(
            _(
                "%(template)s is for sites of family %(family)s, and %(tracker)s is of "
                "family %(other)s. Choose another tracker."
            )
            % {
                "template": template,
                "family": template.family,
                "tracker": tracker,
                "other": tracker.family,
            },
            code="family_differs",
        )
    if release is None:
        names = {"slug": tracker.slug, "name": tracker.name}
        context = {**sample_context(template.kind), "tracker": names}
    elif release.state in UNFINISHED:
        raise UploadError(
            _("This release is not prepared yet. Preview it when it is ready."),
            code="release_preparing",
        )
    else:
        context = release_context(release, tracker)
    with adapter_open(tracker, None) as adapter:
        context["site"] = adapter.site_values(template.kind, context)
    try:
        result = render(fields, context)
    except RenderingBroken as exc:
        raise AppError(str(exc), code="rendering_broken") from exc
    return Preview(
        fields={n: v for n, v in result.fields.items() if not n.startswith("_")},
        errors=list(result.errors),
        undefined={name: list(names) for name, names in result.undefined.items()},
    )
