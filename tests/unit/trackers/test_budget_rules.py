"""Budgets of single actions: as a person types them, as programs give them."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from trackers.budget_rules import (
    LONGEST_WINDOW,
    MOST_REQUESTS,
    Window,
    budgets_text,
    check_action_budgets,
    read_budgets,
)
from trackers.models import RequestBudget
from trackers.services.budgets import budget_block, budget_take
from trackers.types import Action

WINDOWS = st.tuples(st.integers(1, MOST_REQUESTS), st.integers(1, LONGEST_WINDOW)).map(
    list
)


@given(st.dictionaries(st.sampled_from([one.value for one in Action]), WINDOWS))
def test_what_is_shown_reads_back_as_it_was(budgets):
    assert read_budgets(budgets_text(budgets)) == budgets


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("search 5 in 10", "Line 1 is not of the form"),
        ("search: 5 in 10\nsearch: 1 in 1", "Line 2: search is there twice."),
        ("dance: 5 in 10", "dance is no action. There are: upload, search, check"),
        ("search: 0 in 10", "search: from 1 to 10000 requests in 1 to 86400 seconds."),
        ("search: 5 in 86401", "search: from 1 to 10000 requests"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text, sentence):
    with pytest.raises(ValidationError) as caught:
        read_budgets(text)
    assert sentence in caught.value.messages[0]


@pytest.mark.parametrize(
    "value", [[], "x", {"search": 5}, {"search": [5]}, {"search": [True, 1]}]
)
def test_other_shapes_are_refused(value):
    with pytest.raises(ValidationError):
        check_action_budgets(value)


@pytest.fixture
def account(db):
    """An account that may ask four things a minute, but search only once."""
    tracker = factories.TrackerFactory(
        budget_requests=4, budget_seconds=60, action_budgets={"search": [1, 30]}
    )
    return factories.CredentialFactory(tracker=tracker)


def test_an_action_has_a_budget_of_its_own_within_that_of_all(account):
    assert budget_take(account, Action.SEARCH) == 0
    assert 29 < budget_take(account, Action.SEARCH) <= 30
    for _ in range(3):
        assert budget_take(account, Action.UPLOAD) == 0
    assert 59 < budget_take(account, Action.UPLOAD) <= 60
    assert 59 < budget_take(account, Action.SEARCH) <= 60
    rows = RequestBudget.objects.values_list("action", "spent")
    assert {action: len(spent) for action, spent in rows} == {"": 4, "search": 1}


def test_what_one_budget_refuses_is_taken_from_none(account):
    budget_take(account, Action.SEARCH)
    budget_take(account, Action.SEARCH)
    assert len(RequestBudget.objects.get(action="").spent) == 1


def test_a_site_that_asks_to_wait_means_every_action(account):
    budget_block(account, 100)
    for action in Action:
        assert 99 < budget_take(account, action) <= 100


@pytest.mark.parametrize(
    ("requests", "aside"), [(1, 1), (2, 1), (3, 2), (5, 4), (10, 8), (100, 75)]
)
def test_work_aside_leaves_the_last_slots_free(requests, aside):
    assert Window(requests, 10).aside == (aside, 10)
