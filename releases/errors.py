"""What can be wrong with an action on a release."""

from common.errors import AppError


class ReleaseError(AppError):
    """An action on a release that cannot be done."""

    code = "release_error"
