"""Who a token speaks for, and how much of what they may."""

from typing import Any

from django.contrib.auth.models import User
from knox.auth import TokenAuthentication

from config.access import label_of, token_used
from config.models import ScopedUser


class ScopedTokenAuthentication(TokenAuthentication):
    """Knox's, with the token's scope upon its owner."""

    def validate_user(self, auth_token: Any) -> tuple[User, Any]:
        """The owner, or less. Raises AuthenticationFailed."""
        user, token = super().validate_user(auth_token)
        label = label_of(token)
        token_used(label)
        return (ScopedUser.of(user, label.scope) if label.scope else user), token
