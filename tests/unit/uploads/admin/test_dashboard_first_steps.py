"""The first steps on the first page: until they are done, for who may take them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.unit.uploads.admin.front_page import page

pytestmark = pytest.mark.django_db


def test_an_empty_herald_greets_with_the_first_steps(client, people):
    client.force_login(people["admin"])
    text = page(client).content.decode()
    for name in ("library", "client", "sites"):
        assert f'action="{reverse(f"admin:first_steps_{name}")}"' in text
    assert "0 of 4 done" in text
    assert "No worker ever started a task" in text


def test_first_steps_are_offered_to_those_who_may_take_them(client, people):
    client.force_login(people["viewer"])
    text = page(client).content.decode()
    assert "First steps" in text
    assert '<form class="hf-form' not in text
    assert text.count("An admin does this.") == 4


def test_first_steps_go_away_when_they_are_done(client, people):
    factories.ReleaseFactory()
    account = factories.CredentialFactory()
    client.force_login(people["admin"])
    # An account counts once its tracker has accepted it.
    assert b"First steps" in page(client).content
    account.check_ok = True
    account.save()
    assert b"First steps" not in page(client).content


def test_first_steps_do_not_come_back_when_an_account_is_paused(client, people):
    factories.UploadFactory(status="success")
    factories.CredentialFactory(paused_at=timezone.now(), check_ok=False)
    client.force_login(people["admin"])
    assert b"First steps" not in page(client).content
