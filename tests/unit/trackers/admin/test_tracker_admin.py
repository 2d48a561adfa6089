"""Trackers in the admin: real fields for options and rules, Test, and constant lists."""

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from common.addresses import MOVED
from tests import factories
from trackers.admin.tracker_form import PIECE_LENGTHS, read_table, table_text
from trackers.models import Template, TemplateChoice, TemplateVersion, Tracker

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"admin:trackers_tracker_{name}", args=args)


def form(**changes):
    values = {
        "name": "A Site",
        "slug": "asite",
        "family": "gazelle",
        "is_active": "on",
        "base_url": "https://site.example",
        "announce_url": "https://tracker.example/{passkey}/announce",
        "source_flag": "SITE",
        "kinds": ["audiobook"],
        "option_dialect": "ops",
        "rule_max_piece_length": "1048576",
        "rule_max_torrent_bytes": "999999",
        "rule_max_path_chars": "",
        "rule_piece_table": "536870912: 262144\nany: 1048576",
        "budget_requests": "5",
        "budget_seconds": "10",
        "narrow_budgets": "search: 2 in 10",
        "concurrency": "4",
        "template_choices-TOTAL_FORMS": "0",
        "template_choices-INITIAL_FORMS": "0",
    }
    return {**values, **changes}


def template(**values):
    row = Template.objects.create(
        **{"slug": "t", "name": "T", "kind": "audiobook", "family": "gazelle", **values}
    )
    TemplateVersion.objects.create(
        template=row, number=1, fields={"title": "{{ title }}"}, checksum="0" * 64
    )
    return row


def test_a_tracker_is_added_with_options_rules_and_kinds_from_their_fields(
    client, people
):
    client.force_login(people["admin"])
    answer = client.post(url("add"), form())
    assert answer.status_code == 302
    row = Tracker.objects.get()
    assert row.options == {"dialect": "ops"}
    assert row.action_budgets == {"search": [2, 10]}
    assert row.torrent_rules == {
        "max_piece_length": 1048576,
        "max_torrent_bytes": 999999,
        "piece_table": [[536870912, 262144], [None, 1048576]],
    }
    assert row.kinds == ["audiobook"]


def test_saving_keeps_options_and_rules_that_the_form_does_not_know(client, people):
    row = factories.TrackerFactory(
        options={"dialect": "red", "later": "kept"}, torrent_rules={"own_rule": 7}
    )
    client.force_login(people["admin"])
    answer = client.post(url("change", row.pk), form(rule_piece_table=""))
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.options == {"dialect": "ops", "later": "kept"}
    assert row.torrent_rules["own_rule"] == 7
    assert "piece_table" not in row.torrent_rules


def test_the_secrets_of_its_accounts_stay_with_its_address(client, people):
    account = factories.CredentialFactory()
    client.force_login(people["admin"])
    change = url("change", account.tracker_id)
    page = client.post(change, form(base_url="http://own.example"), follow=True)
    assert MOVED in [str(one) for one in page.context["messages"]]
    account.refresh_from_db()
    assert (dict(account.values), account.paused_reason) == ({}, MOVED)


def test_slug_and_family_of_a_tracker_stay(client, people):
    row = factories.TrackerFactory(slug="stays")
    client.force_login(people["admin"])
    client.post(url("change", row.pk), form(slug="other"))
    row.refresh_from_db()
    assert (row.slug, row.name) == ("stays", "A Site")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("hello", "Line 1 is not of the form"),
        ("100: 262144\n50: 262144", "Line 2: the sizes must grow"),
        ("any: 262144\n50: 262144", "Line 2: the sizes must grow"),
        ("9" * 5000 + ": 262144", "Line 1 is not of the form"),
        ("100: " + "9" * 5000, "Line 1 is not of the form"),
        ("100: 262145", "Line 1: a piece length is a power of two"),
    ],
)
def test_a_piece_table_that_cannot_be_read_names_its_line(text, sentence):
    with pytest.raises(ValidationError, match=sentence):
        read_table(text)


@given(
    st.sets(st.integers(1, 2**45), max_size=8),
    st.sampled_from(PIECE_LENGTHS),
    st.booleans(),
)
def test_a_piece_table_reads_back_as_it_was_written(sizes, length, has_rest):
    table = [[size, length] for size in sorted(sizes)]
    table += [[None, length]] if has_rest else []
    assert read_table(table_text({"piece_table": table})) == table


def test_a_template_is_chosen_per_kind_on_the_page(client, people):
    row, chosen = factories.TrackerFactory(), template()
    client.force_login(people["admin"])
    rows = {
        "template_choices-TOTAL_FORMS": "1",
        "template_choices-0-kind": "audiobook",
        "template_choices-0-template": str(chosen.pk),
        "template_choices-0-tracker": str(row.pk),
    }
    assert client.post(url("change", row.pk), form(**rows)).status_code == 302
    choice = TemplateChoice.objects.get()
    assert (choice.tracker, choice.kind, choice.template) == (row, "audiobook", chosen)


def test_a_template_of_another_kind_is_refused_at_its_field(client, people):
    row, chosen = factories.TrackerFactory(), template(kind="music")
    client.force_login(people["admin"])
    rows = {
        "template_choices-TOTAL_FORMS": "1",
        "template_choices-0-kind": "audiobook",
        "template_choices-0-template": str(chosen.pk),
        "template_choices-0-tracker": str(row.pk),
    }
    page = client.post(url("change", row.pk), form(**rows)).content.decode()
    assert "is made for releases of kind music" in page


@pytest.mark.parametrize("role", ["viewer", "preparer", "approver"])
def test_who_may_only_look_reads_options_as_text(client, people, role):
    row = factories.TrackerFactory(
        kinds=["audiobook"], torrent_rules={"piece_table": [[None, 262144]]}
    )
    client.force_login(people[role])
    page = client.get(url("change", row.pk)).content.decode()
    assert "dialect: red" in page
    assert "any: 262144" in page
    assert "option_dialect" not in page
    assert client.post(url("change", row.pk), form()).status_code == 403
    assert client.post(url("test", row.pk)).status_code == 403


def test_test_asks_about_every_account_that_is_switched_on(client, people, sandbox):
    row = factories.TrackerFactory(slug="red", base_url=sandbox.url("red"))
    good = factories.CredentialFactory(
        tracker=row, values={"api_key": sandbox.key("red")}
    )
    bad = factories.CredentialFactory(tracker=row, values={"api_key": "wrong-key-1"})
    off = factories.CredentialFactory(tracker=row, is_active=False)
    client.force_login(people["admin"])
    answer = client.post(url("test", row.pk))
    text = " ".join(map(str, get_messages(answer.wsgi_request)))
    assert str(good) in text
    assert str(bad) in text
    assert str(off) not in text
    assert "does not prove" in text
    off.refresh_from_db()
    assert off.checked_at is None


def test_test_without_an_account_says_so(client, people):
    row = factories.TrackerFactory()
    client.force_login(people["admin"])
    answer = client.post(url("test", row.pk))
    assert "has no credential to test" in str(
        next(iter(get_messages(answer.wsgi_request)))
    )


def test_the_list_says_how_accounts_stand(client, people):
    empty, paused = factories.TrackerFactory(), factories.TrackerFactory()
    off = factories.TrackerFactory()
    factories.CredentialFactory(tracker=paused)
    factories.CredentialFactory(tracker=paused, paused_at=timezone.now())
    factories.CredentialFactory(tracker=off, is_active=False)
    client.force_login(people["viewer"])
    page = client.get(url("changelist")).content.decode()
    for words in (">None<", ">1 usable<", ">1 paused<", ">All off<"):
        assert words in page, words
    assert empty.name in page


def test_the_list_says_when_something_succeeded_last(client, people):
    at = timezone.now()
    upload = factories.UploadFactory(status="success", finished_at=at)
    factories.TrackerFactory()
    client.force_login(people["viewer"])
    page = client.get(url("changelist")).content.decode()
    assert date_format(timezone.localtime(at), "j M Y, H:i") in page
    assert ">never<" in page
    assert f"?tracker__id__exact={upload.tracker_id}" in page


def test_the_list_asks_as_much_for_one_row_as_for_ten(client, people):
    client.force_login(people["admin"])
    client.get(url("changelist"))

    def queries(rows):
        for _ in range(rows):
            factories.CredentialFactory()
        with CaptureQueriesContext(connection) as seen:
            client.get(url("changelist"))
        return len(seen)

    assert queries(1) == queries(9)


def test_the_page_shows_how_its_uploads_went(client, people):
    upload = factories.UploadFactory(status="failed")
    client.force_login(people["viewer"])
    page = client.get(url("change", upload.tracker_id)).content.decode()
    assert "<strong>1</strong> failed" in page
    assert client.get(url("change", 4711), follow=True).status_code == 200


def test_a_template_of_another_family_is_not_chosen(client, people):
    row = template(family="unit3d")
    client.force_login(people["admin"])
    choice = {
        "template_choices-TOTAL_FORMS": "1",
        "template_choices-0-kind": "audiobook",
        "template_choices-0-template": str(row.pk),
    }
    page = client.post(url("add"), form(**choice)).content.decode()
    assert "is for unit3d sites" in page
    assert not Tracker.objects.exists()


def test_one_with_uploads_says_what_to_do_instead_of_deleting(client, people):
    upload = factories.UploadFactory()
    client.force_login(people["root"])
    page = client.get(url("delete", upload.tracker_id)).content.decode()
    assert "Switch it off instead" in page
    assert f'href="{url("changelist")}">Back' in page
    spare = factories.TrackerFactory()
    page = client.get(url("delete", spare.pk)).content.decode()
    assert "Are you sure" in page and "witch it off" not in page
