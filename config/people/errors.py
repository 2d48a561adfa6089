"""Why somebody is not let in."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import AppError


class LoginLocked(AppError):
    """Too many wrong tries; `until` is when the next one counts."""

    code = "login_locked"

    def __init__(self, until: datetime) -> None:
        self.until = until
        seconds = max(int((until - timezone.now()).total_seconds()) + 1, 1)
        super().__init__(
            _(
                "Too many wrong tries. Try again in %(wait)s, or ask an admin of this "
                "Herald to unlock it."
            )
            % {"wait": _wait(seconds)},
            extra={"retry_after": seconds},
        )


class CodeNeeded(AppError):
    """The password is right, and a code must come along."""

    code = "otp_required"

    def __init__(self) -> None:
        super().__init__(
            _(
                "This account has a second factor. Send a code of your authenticator "
                "app, or a backup code, as “otp”."
            )
        )


class CodeWrong(AppError):
    """The code is none of this moment, or was used before."""

    code = "otp_wrong"

    def __init__(self) -> None:
        super().__init__(
            _(
                "The code is wrong, too old or was used already. Wait for the app's "
                "next code and enter that one."
            )
        )


class EnrolFirst(AppError):
    """This Herald demands a second factor, and the person has none yet."""

    code = "otp_enrolment"

    def __init__(self) -> None:
        super().__init__(
            _(
                "This Herald demands a second factor from you. Log in to the admin in "
                "a browser and set it up under “My account” first."
            )
        )


class AccountError(AppError):
    """What a person wants of their account cannot be done."""

    code = "account"


def _wait(seconds: int) -> str:
    if seconds < 60:
        return ngettext("%d second", "%d seconds", seconds) % seconds
    minutes = -(-seconds // 60)
    return ngettext("%d minute", "%d minutes", minutes) % minutes
