"""Who sits at the terminal, and so what they may do."""

import getpass
import os

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User

from common.errors import AppError


def person(name: str = "") -> User:
    """The Herald user of this terminal: named, in HERALD_USER, or of the same name as
    the login; a lone superuser stands in. Raises AppError when nobody fits.
    """
    users = get_user_model().objects.filter(is_active=True)
    wanted = name or os.environ.get("HERALD_USER", "")
    if wanted:
        user = users.filter(username=wanted).first()
        if user is None:
            raise AppError(
                f"No active Herald user is called {wanted}. Make one in the admin, or "
                "give another name with --user.",
                code="user_unknown",
            )
        return user
    same = users.filter(username=_login()).first()
    if same is not None:
        return same
    roots = list(users.filter(is_superuser=True)[:2])
    if len(roots) == 1:
        return roots[0]
    raise AppError(
        "It is not clear who you are. Say so with --user NAME or HERALD_USER.",
        code="user_unknown",
    )


def _login() -> str:
    """The name of whoever is logged in, or "": a container's user may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
