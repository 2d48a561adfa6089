"""People as an app: how they sign in, and what they set for themselves."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Sessions, second factors, preferences, and what people did to people."""

    name = "config.people"
    label = "people"
    verbose_name = _("People")
