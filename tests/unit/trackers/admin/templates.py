"""Templates for tests, and what their editor posts."""

from django.urls import reverse

from trackers.models import Template
from trackers.services.templates import template_save


def url(name, *args):
    return reverse(f"admin:trackers_template_{name}", args=args)


def make(slug="book", *, fields=None, **values):
    row = Template.objects.create(
        slug=slug,
        name=slug,
        kind="audiobook",
        family="gazelle",
        **values,
    )
    if fields is None:
        fields = {"title": "{{ title }}", "description": "By {{ authors }}"}
    if fields:
        template_save(row, fields=fields, note="first")
    return row


def form(**changes):
    values = {"note": "why", "new_name": "", "new_source": ""}
    return {
        **values,
        "field-title": "{{ title }}",
        "field-description": "By {{ authors }}",
        **changes,
    }
