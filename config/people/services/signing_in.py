"""Letting people in: wrong tries are counted by name and address (django-axes)."""

from datetime import datetime

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext as _

from common.errors import AppError
from config.people.addresses import client_address, counted_address
from config.people.errors import CodeNeeded, CodeWrong, EnrolFirst, LoginLocked
from config.people.models import PersonEvent
from config.people.services.events import event_note
from config.people.services.second_factor import code_check, factor_demanded, factor_of


def locked_until(request: HttpRequest, username: str) -> datetime | None:
    """When a name may be tried again from this address; None: now."""
    if not AxesProxyHandler.is_locked(request, {"username": username}):
        return None
    last = AccessAttempt.objects.filter(
        username=username, ip_address=counted_address(request)
    ).aggregate(last=Max("attempt_time"))["last"]
    return attempt_ends(last) if last else None


def attempt_ends(last: datetime) -> datetime:
    """When tries that ended with the one at `last` are forgotten."""
    until: datetime = last + settings.AXES_COOLOFF_TIME
    return until


def lock_check(request: HttpRequest, username: str) -> None:
    """Raise LoginLocked while the name may not be tried from this address."""
    if until := locked_until(request, username):
        raise LoginLocked(until)


def code_step(request: HttpRequest, person: User, code: str) -> None:
    """The second step of a login. A wrong code counts like a wrong password.

    Raises LoginLocked, CodeNeeded, CodeWrong. Without a second factor all is well.
    """
    if factor_of(person) is None:
        return
    lock_check(request, person.get_username())
    if not code.strip():
        raise CodeNeeded
    try:
        code_check(person, code)
    except CodeWrong:
        user_login_failed.send(
            sender=__name__,
            credentials={"username": person.get_username()},
            request=request,
        )
        lock_check(request, person.get_username())
        raise


def password_check(request: HttpRequest, person: User, password: str) -> bool:
    """Whether it is the person's own, asked once more. A wrong one counts as at login.

    Raises LoginLocked.
    """
    name = person.get_username()
    lock_check(request, name)
    if person.check_password(password):
        return True
    user_login_failed.send(
        sender=__name__, credentials={"username": name}, request=request
    )
    lock_check(request, name)
    return False


def login_done(request: HttpRequest, person: User, kind: PersonEvent.Kind) -> None:
    """Both steps went well: forget the wrong tries, and write down who came."""
    AxesProxyHandler.reset_attempts(
        username=person.get_username(), ip_address=counted_address(request)
    )
    event_note(kind, person=person, actor=person, address=client_address(request))


def token_login(request: HttpRequest, person: User, code: str) -> None:
    """The rest of an API login, once the password was right. Raises AppError."""
    code_step(request, person, code)
    if factor_demanded(person) and factor_of(person) is None:
        raise EnrolFirst
    login_done(request, person, PersonEvent.Kind.TOKEN_GIVEN)


def unlock(username: str, address: str | None, *, actor: User) -> None:
    """Let a name be tried again from an address at once."""
    tries = AccessAttempt.objects.filter(username=username, ip_address=address)
    if not tries.delete()[0]:
        raise AppError(_("Nothing is locked there any more."), code="not_locked")
    event_note(
        PersonEvent.Kind.UNLOCKED,
        person=User.objects.filter(username=username).first(),
        actor=actor,
        address=address,
    )
