"""What people set for themselves."""

from django.contrib.auth.models import User

from config.people.models import Preferences


def preferences_save(person: User, *, time_zone: str, language: str) -> None:
    """Write both; "" follows Herald's settings."""
    Preferences.objects.update_or_create(
        user=person, defaults={"time_zone": time_zone, "language": language}
    )
