"""Tokens: making, finding, using and revoking them."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from knox.models import AuthToken

from config.models import TokenLabel

logger = logging.getLogger(__name__)

# A program that asks all the time would else write a row with each question.
USED_AGAIN = timedelta(minutes=1)


@transaction.atomic
def token_issue(
    user: User, *, name: str = "", scope: str = "", days: int | None = None
) -> tuple[TokenLabel, str]:
    """Make a token: what is kept of it, and the token itself, this once."""
    expiry = timedelta(days=days or settings.TOKEN_DAYS)
    row, token = AuthToken.objects.create(user, expiry=expiry)
    return TokenLabel.objects.create(token=row, name=name, scope=scope), token


def tokens_of(user: User) -> QuerySet[TokenLabel]:
    """The tokens of a person that still open something."""
    for row in AuthToken.objects.filter(user_id=user.pk, label=None):
        label_of(row)
    valid = Q(token__expiry=None) | Q(token__expiry__gt=timezone.now())
    return TokenLabel.objects.filter(valid, token__user_id=user.pk).select_related(
        "token"
    )


def label_of(token: Any) -> TokenLabel:
    """The row beside a token; those from earlier versions get theirs now."""
    return TokenLabel.objects.get_or_create(token=token)[0]


def token_used(label: TokenLabel) -> None:
    """Note that a token was used, unless that was noted just now.

    A database that takes no writes still answers questions, so that is no reason to
    refuse one.
    """
    now = timezone.now()
    if label.last_used_at is None or now - label.last_used_at >= USED_AGAIN:
        try:
            with transaction.atomic():
                TokenLabel.objects.filter(pk=label.pk).update(last_used_at=now)
        except DatabaseError as exc:
            logger.warning("That a token was used could not be noted: %s", exc)


def token_revoke(label: TokenLabel) -> None:
    """End a token at once."""
    label.token.delete()
