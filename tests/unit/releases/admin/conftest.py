"""People at the release pages."""

import pytest

from releases.models import MetadataRecord
from releases.services.remerge import release_merge
from tests import factories


@pytest.fixture
def book(db):
    """A ready release with what two sources say."""
    release = factories.ReleaseFactory()
    for source, author in (("tags", "A. Author"), ("audnexus", "Ann Author")):
        MetadataRecord.objects.create(
            release=release,
            source=source,
            fields={"title": "A Book", "authors": [{"name": author}], "year": 1999},
        )
    release_merge(release)
    return release


@pytest.fixture
def look(client, people):
    """Look at an address as somebody, and get the text."""

    def see(who, url, /, **query):
        client.force_login(people[who])
        answer = client.get(url, query)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    return see


@pytest.fixture
def press(client, people):
    """Post to an address as somebody; gives the sentences of the page after it."""

    def post(who, url, /, **fields):
        client.force_login(people[who])
        answer = client.post(url, fields, follow=True)
        return [str(message) for message in answer.context["messages"]]

    return post
