"""What the values of an account must be like, whoever gives them."""

from django.utils.translation import gettext as _

from trackers.types import CredentialField


def misfit_text(field: CredentialField, value: str) -> str:
    """Why `value` cannot be that field's, in a sentence that never quotes it; or ""."""
    if field.fits(value):
        return ""
    return _(
        "%(value)s has a space, a line break or another sign in it that cannot be "
        "part of it. Copy it again."
    ) % {"value": _(field.label)}
