"""People at the release pages."""

import pytest


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
