"""Versions of templates, which one a tracker uses, and what they render."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from common.errors import AppError
from common.texts import gettext_noop
from trackers.models import Template, TemplateChoice, TemplateVersion, Tracker
from trackers.rendering.render import check_source, render_many
from trackers.rendering.types import Job, RenderError, RenderResult
from trackers.rendering.versions import merge_template, template_checksum

# A draft keeps it; pages look it up (`common.spoken`).
NO_TEMPLATE = gettext_noop(
    "%(tracker)s has no template for releases of kind %(kind)s. Choose one on the "
    "tracker's page."
)


class TemplateError(AppError):
    """A template that cannot be used."""

    code = "template_error"


def template_save(
    template: Template,
    *,
    fields: Mapping[str, str],
    note: str = "",
    author_id: int | None = None,
) -> TemplateVersion:
    """Add a version with these fields; the same text again adds none.

    Raises TemplateError when a field's Liquid cannot be read.
    """
    layout = template.layout.current if template.layout else None
    complete = _complete(fields, layout)
    problems = check_source(complete)
    if problems:
        raise TemplateError(
            str(problems[0]),
            code="template_syntax",
            extra={
                "errors": [
                    {"field": p.field, "line": p.line, "message": p.message}
                    for p in problems
                ]
            },
        )
    checksum = template_checksum(complete)
    with transaction.atomic():
        # Two who save at the same moment get a number each.
        Template.objects.select_for_update(no_key=True).get(pk=template.pk)
        newest = template.current
        if newest is not None and newest.checksum == checksum:
            return newest
        last = template.versions.aggregate(last=Max("number"))["last"] or 0
        return TemplateVersion.objects.create(
            template=template,
            number=last + 1,
            fields=dict(fields),
            layout_version=layout,
            author_id=author_id,
            note=note[:300],
            checksum=checksum,
        )


def template_check(template: Template, fields: Mapping[str, str]) -> list[RenderError]:
    """What keeps these fields from being saved as a version; [] if nothing does."""
    return check_source(fields_complete(template, fields))


def fields_complete(template: Template, fields: Mapping[str, str]) -> dict[str, str]:
    """Fields that are not saved, with those that the layout's newest supplies."""
    layout = template.layout.current if template.layout else None
    return _complete(fields, layout)


def version_fields(version: TemplateVersion) -> dict[str, str]:
    """All fields of a version, with those its layout supplies."""
    return _complete(version.fields, version.layout_version)


def _complete(
    fields: Mapping[str, str], layout: TemplateVersion | None
) -> dict[str, str]:
    if layout is None:
        return dict(fields)
    return merge_template(version_fields(layout), fields)


def template_for(tracker: Tracker, kind: str) -> TemplateVersion:
    """The version a tracker uses for a kind. Raises TemplateError when none is set."""
    choice = (
        TemplateChoice.objects.filter(tracker=tracker, kind=kind)
        .select_related("template")
        .first()
    )
    version = choice.template.current if choice else None
    if version is None:
        raise TemplateError(
            NO_TEMPLATE % {"tracker": tracker.name, "kind": kind or "unknown"},
            code="template_missing",
        )
    return version


def versions_render(
    jobs: Sequence[tuple[TemplateVersion, Mapping[str, Any]]],
) -> list[RenderResult]:
    """Render each version with its context, all in one limited child process.

    Raises RenderingBroken when the child cannot start on this machine.
    """
    results = render_many(
        [Job(fields=version_fields(version), context=c) for version, c in jobs]
    )
    return [_without_parts(result) for result in results]


def _without_parts(result: RenderResult) -> RenderResult:
    """Fields whose names begin with "_" are parts of others, not fields to send."""
    return RenderResult(
        fields={n: v for n, v in result.fields.items() if not n.startswith("_")},
        errors=result.errors,
        undefined=result.undefined,
    )
