"""Trackers and templates by the API: what may be stored."""

import pytest

from trackers.models import Template, Tracker

pytestmark = pytest.mark.django_db

SITE = {
    "slug": "new",
    "name": "New",
    "family": "gazelle",
    "base_url": "https://new.example",
    "announce_url": "https://announce.example/{passkey}/announce",
    "source_flag": "NEW",
    "options": {"dialect": "red"},
    "kinds": ["audiobook", "music"],
    "torrent_rules": {
        "max_piece_length": 2**24,
        "piece_table": [[2**29, 2**18], [None, 2**20]],
    },
}


def test_a_tracker_is_made_and_shown_as_given(api):
    answer = api("admin").post("/api/trackers/", SITE, "json")
    assert answer.status_code == 201, answer.content
    shown = answer.json()
    assert {name: shown[name] for name in SITE} == SITE
    row = Tracker.objects.get(slug="new")
    assert row.torrent_rules == SITE["torrent_rules"]
    assert row.site.options == {"dialect": "red"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"family": "nonsense"}, "family"),
        ({"slug": "not a slug"}, "slug"),
        ({"base_url": "javascript:alert(1)"}, "base_url"),
        ({"base_url": "ftp://x.example"}, "base_url"),
        ({"base_url": "https://ann:pw@x.example"}, "base_url"),
        ({"announce_url": "nonsense"}, "announce_url"),
        ({"announce_url": "https://ann:pw@x.example/{passkey}"}, "announce_url"),
        ({"announce_url": "https://x.example/announce?passkey=ab"}, "announce_url"),
        ({"announce_url": "https://x.example/announce"}, "announce_url"),
        (
            {
                "announce_url": "https://x.example/0123456789abcdef0123456789abcdef/announce"
            },
            "announce_url",
        ),
        ({"options": {"dialect": "gazelle"}}, "options"),
        ({"options": {}}, "options"),
        ({"options": {"dialect": "red", "odd": "1"}}, "options"),
        ({"options": {"dialect": ["red"]}}, "options"),
        ({"options": []}, "options"),
        ({"kinds": ["tape"]}, "kinds"),
        ({"kinds": {}}, "kinds"),
        ({"budget_requests": 0}, "budget_requests"),
        ({"budget_seconds": 10**30}, "budget_seconds"),
        ({"torrent_rules": {"max_piece_length": 1000}}, "torrent_rules"),
        ({"torrent_rules": {"max_torrent_bytes": -1}}, "torrent_rules"),
        ({"torrent_rules": {"piece_table": [[1, 2, 3]]}}, "torrent_rules"),
        ({"torrent_rules": {"piece_table": [[1, 17]]}}, "torrent_rules"),
        ({"torrent_rules": {"piece_table": [["x", 2**18]]}}, "torrent_rules"),
        (
            {"torrent_rules": {"piece_table": [[None, 2**18], [5, 2**18]]}},
            "torrent_rules",
        ),
        (
            {"torrent_rules": {"piece_table": [[9, 2**18], [5, 2**18]]}},
            "torrent_rules",
        ),
        ({"torrent_rules": []}, "torrent_rules"),
    ],
)
def test_what_a_tracker_may_not_hold(api, changes, field):
    answer = api("admin").post("/api/trackers/", {**SITE, **changes}, "json")
    assert answer.status_code == 400, answer.content
    assert set(answer.json()["extra"]["fields"]) == {field}
    assert not Tracker.objects.filter(slug="new").exists()


def test_a_tracker_is_changed_but_not_its_family_or_slug(api, rows):
    url = f"/api/trackers/{rows['trackers'].pk}/"
    answer = api("admin").patch(url, {"name": "Other", "is_active": False}, "json")
    assert (answer.status_code, answer.json()["name"]) == (200, "Other")
    answer = api("admin").patch(url, {"slug": "other"}, "json")
    assert answer.json()["extra"]["fields"] == {
        "slug": ["This cannot be changed; make a new tracker."]
    }
    same = api("admin").patch(url, {"slug": rows["trackers"].slug}, "json")
    assert same.status_code == 200


def test_rules_are_replaced_as_a_whole(api, rows):
    url = f"/api/trackers/{rows['trackers'].pk}/"
    api("admin").patch(url, {"torrent_rules": {"max_path_chars": 150}}, "json")
    answer = api("admin").patch(url, {"torrent_rules": {}}, "json")
    assert answer.json()["torrent_rules"] == {}


def test_a_tracker_without_uploads_is_deleted(api):
    api("admin").post("/api/trackers/", SITE, "json")
    pk = Tracker.objects.get(slug="new").pk
    assert api("admin").delete(f"/api/trackers/{pk}/").status_code == 204


# --- templates --------------------------------------------------------------------


@pytest.fixture
def template(api):
    answer = api("admin").post(
        "/api/templates/",
        {"slug": "mine", "name": "Mine", "kind": "audiobook", "family": "gazelle"},
        "json",
    )
    assert answer.status_code == 201, answer.content
    return f"/api/templates/{answer.json()['id']}/"


def save(api, template, fields, note=""):
    return api("admin").post(
        f"{template}versions/", {"fields": fields, "note": note}, "json"
    )


def test_versions_are_added_and_listed(api, template, people):
    first = save(api, template, {"title": " {{ title }}\n"}, "First.")
    assert first.status_code == 201, first.content
    assert first.json()["number"] == 1
    assert first.json()["author"] == people["admin"].username
    assert first.json()["fields"] == {"title": " {{ title }}\n"}
    same = save(api, template, {"title": " {{ title }}\n"})
    assert same.json()["number"] == 1
    save(api, template, {"title": "{{ title | upcase }}"})
    listed = api("viewer").get(f"{template}versions/").json()["results"]
    assert [row["number"] for row in listed] == [2, 1]


def test_liquid_that_cannot_be_read_is_refused_with_its_line(api, template):
    answer = save(api, template, {"title": "fine\n{% if %}"})
    assert (answer.status_code, answer.json()["code"]) == (400, "template_syntax")
    (error,) = answer.json()["extra"]["errors"]
    assert (error["field"], error["line"]) == ("title", 2)


def test_sources_are_validated_without_saving(api, template):
    url = f"{template}validate/"
    good = api("admin").post(url, {"fields": {"title": "{{ title }}"}}, "json")
    assert good.json() == {"ok": True, "errors": []}
    bad = api("admin").post(url, {"fields": {"title": "{{ title"}}, "json")
    assert bad.status_code == 200
    assert bad.json()["ok"] is False
    assert bad.json()["errors"][0]["field"] == "title"
    assert not Template.objects.get(slug="mine").versions.exists()


def test_a_template_with_versions_stays(api, template):
    save(api, template, {"title": "x"})
    answer = api("admin").delete(template)
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
    assert "Choose another template for its trackers" in answer.json()["message"]


def test_a_template_does_not_stand_on_itself(api, template):
    api("admin").post(
        "/api/templates/",
        {"slug": "above", "name": "Above", "family": "gazelle", "layout": "mine"},
        "json",
    )
    for slug in ("mine", "above"):
        answer = api("admin").patch(template, {"layout": slug}, "json")
        assert answer.status_code == 400, slug
        assert set(answer.json()["extra"]["fields"]) == {"layout"}
    assert api("admin").patch(template, {"layout": None}, "json").status_code == 200


# --- previews ---------------------------------------------------------------------


def test_a_version_is_tried_on_a_sample(api, template, rows):
    url = f"/api/templates/{rows['templates'].pk}/preview/"
    answer = api("viewer").get(url, {"tracker": rows["trackers"].slug})
    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "fields": {"title": "The Hill Road"},
        "errors": [],
        "undefined": {"title": ["mood"]},
    }


@pytest.fixture
def mine(desk):  # which is copied with its own numbers
    template = Template.objects.create(slug="mine", name="Mine", family="gazelle")
    template.versions.create(number=1, fields={"title": "{{ title }}"})
    template.versions.create(
        number=2, fields={"title": "{{ tracker.name }}: {{ title }}", "_x": "part"}
    )
    return f"/api/templates/{template.pk}/preview/"


def test_a_version_is_tried_on_a_release(api, mine, desk):
    release = desk.prepare()
    query = {"tracker": "red", "release": release.pk}
    answer = api("viewer").get(mine, query)
    assert answer.json()["fields"] == {"title": "Redacted: The Time Machine"}
    older = api("viewer").get(mine, {**query, "version": 1})
    assert older.json()["fields"] == {"title": "The Time Machine"}


def test_unsaved_sources_are_tried(api, mine, desk):
    body = {
        "tracker": "ops",
        "fields": {
            "title": "{{ title }} by {{ authors[0].name }}",
            "year": "{{ site.nothing }}",
            "tags": "{{ 'x' | nonsense }}",
        },
    }
    answer = api("admin").post(mine, body, "json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["fields"]["title"] == "The Hill Road by Edda Sample"
    assert answer.json()["errors"][0]["field"] == "tags"
    assert "tags" not in answer.json()["fields"]
    assert answer.json()["undefined"]["year"] == ["site.nothing"]


def test_a_template_that_never_ends_is_stopped(api, mine, desk):
    loop = "{% for a in (1..9999) %}{% for b in (1..9999) %}x{% endfor %}{% endfor %}"
    answer = api("admin").post(mine, {"tracker": "red", "fields": {"x": loop}}, "json")
    assert answer.status_code == 200
    assert answer.json()["fields"] == {}
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"tracker": "nobody"}, 400),
        ({"tracker": "red", "release": 4711}, 400),
        ({"tracker": "red", "release": "9" * 50}, 400),
        ({"tracker": "red", "release": "x"}, 400),
        ({"tracker": "red", "version": 9}, 404),
        ({"tracker": "red", "version": "9" * 50}, 400),
    ],
)
def test_a_preview_needs_what_is_there(api, mine, desk, query, status):
    assert api("viewer").get(mine, query).status_code == status


def test_a_template_without_text_has_no_preview(api, template, rows):
    answer = api("viewer").get(
        f"{template}preview/", {"tracker": rows["trackers"].slug}
    )
    assert answer.status_code == 404


def test_a_release_that_is_not_prepared_has_no_preview(api, mine, rows):
    from releases.models import Release

    Release.objects.update(state="preparing")
    answer = api("viewer").get(
        mine, {"tracker": rows["trackers"].slug, "release": rows["releases"].pk}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "release_preparing")


def test_a_template_of_another_family_has_no_preview(api, mine, rows):
    Template.objects.filter(slug="mine").update(family="unit3d")
    answer = api("viewer").get(mine, {"tracker": rows["trackers"].slug})
    assert (answer.status_code, answer.json()["code"]) == (400, "family_differs")
