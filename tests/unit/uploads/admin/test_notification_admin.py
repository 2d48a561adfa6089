"""Each person's own notifications in the admin, and troubles on the dashboard."""

import pytest
from django.urls import reverse

from tests import factories
from uploads.models import NotificationTarget, Trouble
from uploads.notices import EVENTS

pytestmark = pytest.mark.django_db
LIST = "/admin/uploads/notificationtarget/"
ADD = f"{LIST}add/"
TOKEN = "planted-token-4f7e+x"


@pytest.fixture
def viewer(client, people):
    client.force_login(people["viewer"])
    return client


def posted(**changes):
    return {
        "name": "phone",
        "url": f"json://127.0.0.1:9/{TOKEN}",
        "events": ["question", "trouble"],
        "is_active": "on",
        **changes,
    }


def own(people, role="viewer", **values):
    return NotificationTarget.objects.create(
        user=people[role],
        **{"name": "phone", "address": {"url": f"json://127.0.0.1:9/{TOKEN}"}} | values,
    )


def test_a_viewer_adds_an_address_that_is_never_shown_again(viewer, people):
    answer = viewer.post(ADD, posted(), follow=True)
    assert answer.status_code == 200
    row = NotificationTarget.objects.get()
    assert row.user == people["viewer"]
    assert row.address["url"].endswith(TOKEN)
    assert row.events == ["question", "trouble"]
    page = viewer.get(f"{LIST}{row.pk}/change/").content.decode()
    for content in (page, viewer.get(LIST).content.decode()):
        assert TOKEN not in content
        assert "phone" in content
    assert "Leave blank to keep it." in page


def test_a_blank_address_keeps_the_stored_one(viewer, people):
    row = own(people, last_error="It failed.")
    viewer.post(f"{LIST}{row.pk}/change/", posted(url="", name="mail"))
    row.refresh_from_db()
    assert (row.name, row.last_error) == ("mail", "It failed.")
    assert row.address["url"].endswith(TOKEN)
    viewer.post(f"{LIST}{row.pk}/change/", posted(url="ntfy://h/other"))
    row.refresh_from_db()
    assert row.address["url"] == "ntfy://h/other"
    assert row.last_error == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"url": f"nosuch://{TOKEN}"}, "No service is known for this address."),
        ({"url": ""}, "This field is required."),
        ({"events": []}, "Choose at least one thing to be told of."),
        ({"events": ["nosuch"]}, "Select a valid choice."),
        ({"name": "taken"}, "You have one of this name already."),
    ],
)
def test_what_is_wrong_is_said_without_the_address(viewer, people, changes, sentence):
    own(people, name="taken")
    page = viewer.post(ADD, posted(**changes)).content.decode()
    assert sentence in page
    assert TOKEN not in page
    assert NotificationTarget.objects.count() == 1


def test_nobody_sees_changes_or_tests_what_belongs_to_another(client, people):
    row = own(people, "admin")
    for role in ("viewer", "preparer", "approver", "root"):
        client.force_login(people[role])
        assert "phone" not in client.get(LIST).content.decode()
        for path in (f"{LIST}{row.pk}/change/", f"{LIST}{row.pk}/delete/"):
            assert client.get(path).status_code == 302
            client.post(path, posted(name="mine"))
        assert client.post(f"{LIST}{row.pk}/test/").status_code == 404
    row.refresh_from_db()
    assert row.name == "phone"


def test_without_a_role_there_is_nothing(client, people):
    row = own(people, "stranger")
    people["stranger"].is_staff = True
    people["stranger"].save()
    client.force_login(people["stranger"])
    assert client.get(LIST).status_code == 403
    assert client.get(ADD).status_code == 403
    assert client.post(f"{LIST}{row.pk}/test/").status_code == 403


def test_the_list_says_how_each_one_is(viewer, people):
    own(people, name="off", is_active=False)
    own(people, name="bad", last_error="The service did not take it.")
    own(people, name="new")
    own(people, name="good", last_sent_at="2026-01-01T00:00:00Z", events=["question"])
    page = viewer.get(LIST).content.decode()
    for word in ("Off", "Failed", "Not tested", "Works", f"1 of {len(EVENTS)}"):
        assert word in page


def test_the_button_says_what_came_of_it(viewer, people, httpserver):
    httpserver.expect_request("/ok").respond_with_data("")
    good = own(
        people, address={"url": f"json://{httpserver.host}:{httpserver.port}/ok"}
    )
    bad = own(people, name="bad")
    page = viewer.post(f"{LIST}{good.pk}/test/", follow=True).content.decode()
    assert "phone: sent. Look whether it arrived." in page
    assert "The last message went out on" in page
    page = viewer.post(f"{LIST}{bad.pk}/test/", follow=True).content.decode()
    assert "bad: The service did not take it." in page
    assert "The last message did not arrive." in page
    assert viewer.get(f"{LIST}{good.pk}/test/").status_code == 405


def test_it_can_be_deleted(viewer, people):
    row = own(people)
    viewer.post(f"{LIST}{row.pk}/delete/", {"post": "yes"})
    assert not NotificationTarget.objects.exists()


def test_troubles_stand_on_the_dashboard_until_they_are_over(client, people):
    now = Trouble.objects.create(
        code="disk_low", message="Only 3 MiB are <free>.", remedy="Make room."
    )
    Trouble.objects.create(
        code="client_down", message="It was away.", ended_at="2026-01-01T00:00:00Z"
    )
    client.force_login(people["viewer"])
    page = client.get("/admin/").content.decode()
    assert "Only 3 MiB are &lt;free&gt;." in page
    assert "Make room." in page
    assert "It was away." not in page
    page = client.get("/admin/uploads/trouble/").content.decode()
    assert page.count("Present") == 1
    assert "It was away." in page
    page = client.get(reverse("admin:uploads_trouble_change", args=[now.pk]))
    assert "disk_low" in page.content.decode()
    factories.UserFactory()
    client.force_login(people["stranger"])
    assert client.get("/admin/").status_code == 302
