"""The row of views above the list."""

import re

import pytest
from django.urls import reverse

from releases.models import SavedView
from tests import factories

LIST = "/admin/releases/release/"
SAVE = reverse("admin:releases_release_view_save")

pytestmark = pytest.mark.django_db


def tabs(text):
    row = text.split('aria-label="Views"')[1].split("</nav>")[0]
    return re.findall(r"<a [^>]*>([^<]+)</a>", row), "aria-current" in row, row


def test_everybody_has_the_built_in_views(look):
    names, here, row = tabs(look("viewer", LIST))
    assert names == [
        *("Everything", "Waiting for me", "Errors", "Duplicates"),
        *("On their way", "Failed"),
    ]
    assert here
    assert "Save this view" not in row


def test_what_is_looked_at_can_be_kept_and_is_then_a_tab(look, press):
    _, here, row = tabs(look("viewer", LIST, q="moon", p="1"))
    assert not here
    assert 'name="query" value="q=moon"' in row

    assert press("viewer", SAVE, name="Moons", query="q=moon") == ["The view is saved."]

    names, here, row = tabs(look("viewer", LIST, q="moon"))
    assert names[-1] == "Moons"
    assert here
    assert "Change view" in row
    assert "Moons" not in tabs(look("admin", LIST))[0]


def test_a_refusal_is_a_sentence(press):
    said = press("viewer", SAVE, name="", query="q=moon")
    assert said == ["A view needs a name of at most 60 characters."]


def test_a_view_of_somebody_else_is_not_touched(press, people):
    view = SavedView.objects.create(user=people["admin"], name="Mine", query="q=a")
    for name in ("rename", "delete"):
        url = reverse(f"admin:releases_release_view_{name}", args=[view.pk])
        assert press("viewer", url, name="Hers")[0].startswith("This view is not there")
    view.refresh_from_db()
    assert view.name == "Mine"


def test_views_are_for_who_may_look(client):
    client.force_login(factories.UserFactory())
    assert client.post(SAVE, {"name": "A", "query": "q=a"}).status_code == 403
    assert client.get(SAVE).status_code == 405
