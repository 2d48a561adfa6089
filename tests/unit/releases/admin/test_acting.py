"""From a click to sentences, for one row and for many."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage

from common.errors import AppError
from releases.admin.acting import told, told_each

CAN = {"permission": "releases.prepare_release", "what": "prepare releases"}


@pytest.fixture
def asked(rf, people):
    """A request of somebody, with room for messages."""

    def make(who):
        request = rf.post("/")
        request.user = people[who]
        request._messages = CookieStorage(request)
        return request

    return make


def said(request):
    return [str(message) for message in get_messages(request)]


def refuse(pk):
    raise AppError(f"Reason {pk % 7}.")


def test_one_refusal_is_its_sentence(asked):
    request = asked("preparer")

    assert told(request, lambda: refuse(1), "Done.", **CAN) is False
    assert said(request) == ["Reason 1."]


def test_who_may_not_is_told_once_and_nothing_is_called(asked):
    request = asked("viewer")

    assert told_each(request, [1, 2, 3], refuse, "queued.", **CAN) == 0
    assert len(said(request)) == 1
    assert said(request)[0].startswith("Your role does not allow you")


def test_many_kinds_of_refusal_are_counted_and_cut(asked):
    request = asked("preparer")

    assert told_each(request, range(21), refuse, "queued.", **CAN) == 0

    assert said(request).count("3 left out: Reason 0.") == 1
    assert len(said(request)) == 6
    assert said(request)[-1] == "2 more kinds of refusal are not listed."


def test_a_single_kind_that_is_cut_is_told_in_the_singular(asked):
    request = asked("preparer")
    told_each(request, range(6), refuse, "queued.", **CAN)
    assert said(request)[-1] == "1 more kind of refusal is not listed."


def test_success_is_counted(asked):
    request = asked("preparer")

    assert told_each(request, [1, 2], lambda pk: pk, "queued.", **CAN) == 2
    assert said(request) == ["2 queued."]
