"""What a page says where something cannot be deleted."""

from typing import Any

from django import template
from django.utils.translation import gettext

from config.in_use import KINDS

register = template.Library()


@register.simple_tag
def in_use(opts: Any) -> dict[str, str]:
    """The words for a kind of row that others stand on; {} for an unknown one."""
    found = KINDS.get(opts.label_lower)
    return {"why": gettext(found.why), "next": gettext(found.next)} if found else {}
