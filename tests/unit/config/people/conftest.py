"""Somebody with a second factor, and the app that shows their codes."""

import base64

import pytest
from django.utils import timezone
from django_otp.oath import TOTP

from config.people.services.second_factor import factor_begin, factor_confirm
from tests import factories

PASSWORD = "correct horse"
LOGIN = "/admin/login/"
CODE = "/admin/login/code/"


class App:
    """An authenticator app that was shown the key of one person."""

    def __init__(self, key):
        self._key = base64.b32decode(key)

    def code(self, steps=0):
        """The code of now, or of so many half minutes later."""
        totp = TOTP(self._key)
        totp.time = timezone.now().timestamp() + 30 * steps
        return f"{totp.token():06d}"


def enrol(person):
    """Give somebody a second factor; their app and their backup codes."""
    app = App(factor_begin(person).secret["key"])
    return app, factor_confirm(person, app.code(-1))


@pytest.fixture
def person(db):
    return factories.UserFactory(username="pat", role="approver")


@pytest.fixture
def enrolled(person):
    """The person's app, and their backup codes."""
    return enrol(person)
