"""What an empty list says."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext

from config.empty_lists import LISTS

register = template.Library()


@register.simple_tag(takes_context=True)
def empty_list(context: Context, cl: Any) -> dict[str, str]:
    """The words for a list without rows; {} for one that is filtered or unknown."""
    found = LISTS.get(cl.opts.label_lower)
    if found is None or cl.query or cl.has_active_filters:
        return {}
    request = context.request  # type: ignore[attr-defined]  # a page has one
    button = found.button_for(request)
    return {
        "purpose": gettext(found.purpose),
        "next": gettext(found.next),
        "button": button,
        "url": reverse(found.url) if button else "",
    }
