"""Texts of rows, as a page says them."""

from django import template

from common.spoken import spoken as in_the_pages_language

register = template.Library()


@register.filter
def spoken(text: object) -> str:
    """A kept sentence in the language of the page, as far as it is known."""
    return in_the_pages_language(str(text or ""))
