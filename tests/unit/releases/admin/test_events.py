"""The list of moves of releases between states."""

import pytest
from django.urls import reverse

from releases.models.event import state_text
from tests import factories

pytestmark = pytest.mark.django_db
LIST = reverse("admin:releases_releaseevent_changelist")


@pytest.fixture
def moves():
    """One release that became ready, another one that failed."""
    good, bad = (factories.ReleaseFactory(title=title) for title in ("Good", "Bad"))
    good.events.create(old="preparing", new="ready", reason="Prepared.")
    bad.events.create(old="preparing", new="failed", reason="No file.")
    return good, bad


def test_moves_are_shown_in_words(look, moves):
    page = look("viewer", LIST)
    assert "preparing" in page
    assert "ready" in page
    assert "failed" in page


def test_moves_into_one_state_are_found(look, moves):
    page = look("viewer", LIST, new="failed")
    assert "No file." in page
    assert "Prepared." not in page


def test_states_are_looked_up_for_the_page(client, people, moves, marked_german):
    client.force_login(people["viewer"])
    page = client.get(LIST, headers={"accept-language": "de"}).content.decode()
    assert "⟦failed⟧" in page
    assert "No file." in page


def test_a_state_that_is_no_more_stays_as_it_is():
    assert state_text("resting") == "resting"
    assert state_text("") == ""
    assert state_text("published") == "published"
