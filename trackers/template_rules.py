"""What a template and a tracker's choice of one must fulfil, whoever asks."""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from trackers.models import Template


def templates_with_text() -> QuerySet[Template]:
    """Those that a tracker can use."""
    return Template.objects.filter(versions__isnull=False).distinct()


def possible_layouts(template: Template | None) -> QuerySet[Template]:
    """What may be a template's layout: a text that stands on nothing, not its own."""
    rows = templates_with_text().filter(layout=None)
    return rows if template is None else rows.exclude(pk=template.pk)


def check_template(
    template: Template | None,
    *,
    slug: str,
    kind: str,
    family: str,
    layout: Template | None,
) -> None:
    """Raise ValidationError, by field, for what a template may not become.

    `template` is the row as it is stored; None: a new one.
    """
    wrong: dict[str, str] = {}
    if template is not None:
        wrong = _check_in_use(template, slug=slug, kind=kind, family=family)
    if layout is not None:
        if layout.family != family:
            wrong["layout"] = _("“%(template)s” is for %(family)s sites.") % {
                "template": layout,
                "family": layout.family,
            }
        elif template is not None and template.extended_by.exists():
            wrong["layout"] = _(
                "Other templates take this one as their layout, so it cannot have one."
            )
        elif not possible_layouts(template).filter(pk=layout.pk).exists():
            wrong["layout"] = _(
                "“%(template)s” cannot be a layout: it is this template, has no "
                "text, or stands on a layout itself. Choose another."
            ) % {"template": layout}
    if wrong:
        raise ValidationError(wrong)


def _check_in_use(
    template: Template, *, slug: str, kind: str, family: str
) -> dict[str, str]:
    """What others rely on stays: seeds on the slug, trackers on kind and family."""
    wrong = {}
    if template.is_builtin and slug != template.slug:
        wrong["slug"] = _(
            "A built-in template keeps its slug; it is found again by it."
        )
    used = template.choices.exists()
    if used and kind != template.kind:
        wrong["kind"] = _(
            "Trackers use it for this kind. Choose another for them first."
        )
    if family != template.family and (used or template.extended_by.exists()):
        wrong["family"] = _(
            "Trackers or templates of this family use it. Make a new one."
        )
    return wrong


def check_choice(template: Template, *, kind: str, family: str) -> None:
    """Raise ValidationError where a tracker of `family` cannot use it for `kind`."""
    if template.kind != kind:
        raise ValidationError(
            _(
                "“%(template)s” is made for releases of kind %(kind)s. Choose another "
                "template or another kind."
            )
            % {"template": template, "kind": template.kind}
        )
    if template.family != family:
        raise ValidationError(
            _("“%(template)s” is for %(family)s sites. Choose another template.")
            % {"template": template, "family": template.family}
        )
    if template.current is None:
        raise ValidationError(
            _("“%(template)s” has no text yet. Write it first.")
            % {"template": template}
        )
