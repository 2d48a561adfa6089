"""The authenticator app and its backup codes: set up, asked, taken away."""

import base64
import hashlib
import secrets
import time
from datetime import timedelta
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.oath import TOTP

from config.people.errors import AccountError, CodeWrong, LoginLocked
from config.people.models import BackupCode, PersonEvent, SecondFactor
from config.people.services.events import event_note

CODES = 10
DIGITS = 6
# Codes of the step before and after count as well: clocks differ.
TOLERANCE = 1
# From the third wrong code on each one doubles the wait, up to a quarter of an hour.
FREE_FAILURES = 2
LONGEST_WAIT_S = 900
ROLE_PERMISSION = "uploads.approve_upload"


def factor_of(person: User) -> SecondFactor | None:
    """The person's second factor, once it is confirmed."""
    row: SecondFactor | None = getattr(person, "second_factor", None)
    return row if row is not None and row.confirmed_at is not None else None


def factor_demanded(person: User) -> bool:
    """Whether this Herald lets the person in with a second factor only."""
    if settings.REQUIRE_TOTP == "approver":
        return person.has_perm(ROLE_PERMISSION)
    return bool(settings.REQUIRE_TOTP == "everybody")


def factor_begin(person: User) -> SecondFactor:
    """The secret to show, made on the first look; nothing counts before it is confirmed.

    Raises AccountError when the person has one that counts.
    """
    key = base64.b32encode(secrets.token_bytes(20)).decode()
    row, _made = SecondFactor.objects.get_or_create(
        user=person, defaults={"secret": {"key": key}}
    )
    if row.confirmed_at is not None:
        raise AccountError(
            _(
                "Your second factor is on already. Switch it off first to set up another."
            )
        )
    return row


def factor_address(row: SecondFactor) -> str:
    """What the QR code says to the app: otpauth://…"""
    issuer = "Herald"
    label = quote(f"{issuer}:{row.user.get_username()}")
    query = urlencode({"secret": row.secret["key"], "issuer": issuer})
    return f"otpauth://totp/{label}?{query}"


def factor_confirm(person: User, code: str) -> list[str]:
    """Switch it on by a first code of the app; gives the backup codes, this once.

    Raises CodeWrong, LoginLocked.
    """
    row = factor_begin(person)
    _check(row.pk, code)
    with transaction.atomic():
        SecondFactor.objects.filter(pk=row.pk).update(confirmed_at=timezone.now())
        event_note(PersonEvent.Kind.FACTOR_ON, person=person, actor=person)
        return _codes_make(person)


def codes_renew(person: User) -> list[str]:
    """Ten new backup codes; those there were open nothing any more."""
    if not SecondFactor.objects.filter(user=person).exclude(confirmed_at=None).exists():
        raise AccountError(_("Set up the second factor first."))
    with transaction.atomic():
        event_note(PersonEvent.Kind.CODES, person=person, actor=person)
        return _codes_make(person)


def codes_left(person: User) -> int:
    """How many backup codes are unused."""
    return BackupCode.objects.filter(user=person, used_at=None).count()


def factor_remove(person: User, *, actor: User) -> bool:
    """Take it away, with the backup codes; False when there was none."""
    with transaction.atomic():
        BackupCode.objects.filter(user=person).delete()
        gone, _rows = SecondFactor.objects.filter(user=person).delete()
        if gone:
            event_note(PersonEvent.Kind.FACTOR_OFF, person=person, actor=actor)
    return bool(gone)


def code_check(person: User, code: str) -> None:
    """Take a code of the app, or a backup code, once. Raises CodeWrong, LoginLocked."""
    row = SecondFactor.objects.get(user=person)
    _check(row.pk, code)


def _check(pk: int, code: str) -> None:
    """What is wrong is counted before it is told, whatever becomes of the request."""
    with transaction.atomic():
        row = SecondFactor.objects.select_for_update().get(pk=pk)
        now = timezone.now()
        waits = row.wait_until is not None and row.wait_until > now
        right = not waits and _takes(row, "".join(code.split()))
        if right:
            row.failures, row.wait_until = 0, None
        elif not waits:
            row.failures += 1
            seconds = min(2 ** max(row.failures - FREE_FAILURES, 0) - 1, LONGEST_WAIT_S)
            row.wait_until = now + timedelta(seconds=seconds)
        row.save()
    if waits and row.wait_until is not None:
        raise LoginLocked(row.wait_until)
    if not right:
        raise CodeWrong


def _takes(row: SecondFactor, code: str) -> bool:
    if len(code) == DIGITS and code.isascii() and code.isdigit():
        totp = TOTP(base64.b32decode(row.secret["key"]))
        totp.time = time.time()
        if not totp.verify(int(code), TOLERANCE, row.last_step + 1):
            return False
        row.last_step = totp.t()
        return True
    if row.confirmed_at is None:
        return False
    used = BackupCode.objects.filter(
        user_id=row.user_id, digest=_digest(code), used_at=None
    ).update(used_at=timezone.now())
    if used:
        event_note(PersonEvent.Kind.CODE_USED, person=row.user, actor=row.user)
    return bool(used)


def _codes_make(person: User) -> list[str]:
    BackupCode.objects.filter(user=person).delete()
    codes = [
        base64.b32encode(secrets.token_bytes(10)).decode().lower()
        for _one in range(CODES)
    ]
    BackupCode.objects.bulk_create(
        BackupCode(user=person, digest=_digest(code)) for code in codes
    )
    return [f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}" for code in codes]


def _digest(code: str) -> str:
    plain = code.replace("-", "").lower()
    return hashlib.sha256(plain.encode()).hexdigest()
