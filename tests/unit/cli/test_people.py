"""Who sits at the terminal."""

import getpass

import pytest

from common.errors import AppError
from tests import factories
from uploads.cli.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _login(monkeypatch):
    monkeypatch.delenv("HERALD_USER", raising=False)
    monkeypatch.setattr(getpass, "getuser", lambda: "ada")


def test_the_named_one():
    bob = factories.UserFactory(username="bob")
    factories.UserFactory(username="ada")
    assert person("bob") == bob


def test_the_one_in_the_environment(monkeypatch):
    bob = factories.UserFactory(username="bob")
    monkeypatch.setenv("HERALD_USER", "bob")
    assert person() == bob


def test_the_one_of_the_same_login():
    ada = factories.UserFactory(username="ada")
    factories.UserFactory(is_superuser=True)
    assert person() == ada


def test_a_lone_superuser_stands_in():
    root = factories.UserFactory(is_superuser=True)
    assert person() == root


@pytest.mark.parametrize("roots", [0, 2])
def test_nobody_is_guessed(roots):
    factories.UserFactory.create_batch(roots, is_superuser=True)
    with pytest.raises(AppError, match="It is not clear who you are"):
        person()


def test_somebody_who_was_shut_out_is_nobody():
    factories.UserFactory(username="ada", is_active=False)
    with pytest.raises(AppError, match="No active Herald user is called ada"):
        person("ada")


def test_a_login_without_a_name(monkeypatch):
    def nameless():
        raise KeyError("getpwuid(): uid not found: 1000")

    monkeypatch.setattr(getpass, "getuser", nameless)
    root = factories.UserFactory(is_superuser=True)
    assert person() == root
