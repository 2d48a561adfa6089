"""Descriptions as a site would show them."""

from django.utils.safestring import SafeString, mark_safe

from trackers.markup import render_bbcode


def render_description(text: str, site: str) -> SafeString:
    """A description's BBCode as safe HTML, with what `site` knows of BBCode."""
    return mark_safe(render_bbcode(text, site))  # noqa: S308 - the renderer escapes
