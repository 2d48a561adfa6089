"""What accounts and trackers of this family are set up with."""

from django.utils.translation import gettext_noop

from trackers.adapters.gazelle.dialects import DIALECTS
from trackers.types import CredentialField, OptionField

CREDENTIAL_FIELDS = (
    CredentialField(
        name="api_key",
        label=gettext_noop("API key"),
        help_text=gettext_noop(
            "Made in the site's user settings. Where keys have scopes, it needs "
            "Torrents, and User for a second look after a lost answer."
        ),
    ),
    CredentialField(
        name="passkey",
        label=gettext_noop("Passkey"),
        required=False,
        help_text=gettext_noop(
            "Part of the announce URL. Test learns it from the site."
        ),
    ),
)
OPTION_FIELDS = (
    OptionField(
        name="dialect",
        label=gettext_noop("Dialect"),
        choices=tuple(DIALECTS),
        help_text=gettext_noop(
            "Which site's way of answering: red (Redacted), ops (Orpheus)."
        ),
    ),
)
