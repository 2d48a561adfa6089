"""The kinds of release that trackers and templates can be for. Pure."""

from django.utils.translation import gettext_lazy as _

KINDS = (
    ("audiobook", _("Audiobook")),
    ("music", _("Music")),
    ("tv", _("TV")),
    ("film", _("Film")),
    ("other", _("Other")),
)
KIND_NAMES = dict(KINDS)
