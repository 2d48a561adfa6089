"""One question, asked alike by the admin, the API and the command line."""

from django.contrib.auth.models import AnonymousUser, User
from django.utils.translation import gettext as _

from common.errors import AppError


class Forbidden(AppError):
    """The person's role does not allow this."""

    code = "forbidden"


def require(user: User | AnonymousUser, permission: str, what: str) -> None:
    """Raise Forbidden unless `user` has `permission`; `what` completes "may not …"."""
    if not user.is_active or not user.has_perm(permission):
        raise Forbidden(
            _("Your role does not allow you to %(what)s. Ask an admin of this Herald.")
            % {"what": what}
        )
