"""People as an app: how they sign in, and what they set for themselves."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Sessions, second factors, preferences, and what people did to people."""

    name = "config.people"
    label = "people"
