"""Templates and a tracker's choice of them by the API: the admin's rules."""

import pytest

from tests.unit.api.test_trackers import SITE
from tests.unit.trackers.admin.templates import make
from trackers.models import Template, Tracker

pytestmark = pytest.mark.django_db
URL = "/api/templates/"


def wrong(answer):
    assert answer.status_code == 400, answer.content
    return set(answer.json()["extra"]["fields"])


def patch(api, row, **body):
    return api("admin").patch(f"{URL}{row.pk}/", body, "json")


def test_a_builtin_template_keeps_its_slug(api):
    row = make(is_builtin=True)
    assert wrong(patch(api, row, slug="other")) == {"slug"}
    assert patch(api, row, slug="book", name="Renamed").status_code == 200


def test_a_template_in_use_keeps_kind_and_family(api, rows):
    row = make()
    row.choices.create(tracker=rows["trackers"], kind="audiobook")
    assert wrong(patch(api, row, kind="music")) == {"kind"}
    assert patch(api, row, name="Renamed").status_code == 200


def test_a_layout_is_of_the_same_family_and_stands_on_nothing(api):
    layout, row = make("layout"), make("row", fields={"title": "x"})
    Template.objects.filter(pk=layout.pk).update(family="elsewhere")
    assert wrong(patch(api, row, layout="layout")) == {"layout"}
    Template.objects.filter(pk=layout.pk).update(family="gazelle")
    assert patch(api, row, layout="layout").status_code == 200
    body = {"slug": "third", "name": "Third", "family": "gazelle", "layout": "row"}
    assert wrong(api("admin").post(URL, body, "json")) == {"layout"}
    make("empty", fields={})
    assert wrong(patch(api, row, layout="empty")) == {"layout"}
    assert wrong(patch(api, layout, layout="third")) == {"layout"}


def test_a_tracker_is_made_with_its_templates(api):
    make("book")
    make("other")
    body = {**SITE, "templates": {"audiobook": "book"}}
    answer = api("admin").post("/api/trackers/", body, "json")
    assert answer.status_code == 201, answer.content
    url = f"/api/trackers/{answer.json()['id']}/"
    assert api("viewer").get(url).json()["templates"] == {"audiobook": "book"}
    same = api("admin").patch(url, {"name": "Renamed"}, "json")
    assert same.json()["templates"] == {"audiobook": "book"}
    other = api("admin").patch(url, {"templates": {"audiobook": "other"}}, "json")
    assert other.json()["templates"] == {"audiobook": "other"}
    none = api("admin").patch(url, {"templates": {}}, "json")
    assert none.json()["templates"] == {}


@pytest.mark.parametrize(
    "templates",
    [
        {"music": "book"},
        {"audiobook": "empty"},
        {"audiobook": "elsewhere"},
        {"audiobook": "nothing"},
        {"audiobook": ["book"]},
        ["book"],
    ],
)
def test_a_template_must_fit_its_tracker(api, templates):
    make("book")
    make("empty", fields={})
    make("elsewhere")
    Template.objects.filter(slug="elsewhere").update(family="unit3d")
    body = {**SITE, "templates": templates}
    assert wrong(api("admin").post("/api/trackers/", body, "json")) == {"templates"}
    assert not Tracker.objects.exists()
