"""Programs read English, whoever asks and whatever their browser likes."""

import pytest
from django.urls import reverse

from config.people.models import Preferences
from tests.marking import OPEN
from tests.unit.api.calls import calls, open_calls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("marked_german")]
GERMAN = {"accept-language": "de"}


@pytest.fixture
def german(client, people):
    """Somebody who may do everything and reads German."""
    Preferences.objects.create(user=people["root"], language="de")
    client.force_login(people["root"])
    return client


def test_pages_are_german_for_them(german):
    page = german.get(reverse("admin:releases_release_changelist"), headers=GERMAN)
    assert OPEN in page.content.decode()


def test_no_answer_of_the_api_is_translated(german, rows):
    known = sorted((*open_calls(), *calls()), key=lambda call: call.method == "DELETE")
    for call in known:
        row = rows.get(call.kind)
        answer = german.generic(
            call.method,
            call.url(row.pk if row else 0),
            data=b"{}",
            content_type="application/json",
            headers=GERMAN,
        )
        told = b"" if answer.streaming else answer.content
        assert OPEN not in told.decode(), str(call)


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("/api/releases/", {"path": "books"}),
        ("/api/releases/", {"path": "/nowhere", "asin": "x", "kind": "poem"}),
        ("/api/libraries/", {"name": "x", "path": "books"}),
        ("/api/clients/", {"name": "x", "url": "no address"}),
        ("/api/watch-folders/", {"library": 0, "path": "/x", "settle_seconds": 0}),
    ],
)
def test_no_refusal_of_the_api_is_translated(german, url, sent):
    answer = german.post(url, sent, content_type="application/json", headers=GERMAN)
    assert answer.status_code == 400
    assert OPEN not in answer.content.decode()
