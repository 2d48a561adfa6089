"""Name, colours and side bar of the admin."""

import re

import pytest
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.urls import reverse
from unfold.settings import CONFIG_DEFAULTS

from config.admin_look import MARK, PRIMARY
from config.admin_site import HeraldAdminSite
from config.navigation import GROUPS, sidebar
from releases.models import Release
from tests import factories
from trackers.kinds import KINDS

WHITE, DARK = "#ffffff", "#101828"  # unfold's grounds: white, and its base-900
AA_TEXT, AA_SHAPE = 4.5, 3.0


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, two):
    dark, light = sorted((luminance(one), luminance(two)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (WHITE, PRIMARY["600"]),
        (PRIMARY["600"], WHITE),
        (PRIMARY["600"], "#f3f4f6"),
        (PRIMARY["500"], DARK),
        (PRIMARY["700"], PRIMARY["100"]),
    ],
)
def test_text_in_our_colour_can_be_read(text, ground):
    assert contrast(text, ground) >= AA_TEXT


def test_the_charts_colours_stand_out_on_both_grounds():
    from uploads.admin.charts import BAD, GOOD

    for colour in (GOOD, BAD):
        assert min(contrast(colour, WHITE), contrast(colour, DARK)) >= AA_SHAPE


def test_every_shade_that_the_theme_knows_is_ours():
    assert set(PRIMARY) == set(CONFIG_DEFAULTS["COLORS"]["primary"])


def test_the_site_is_ours_and_bears_the_name(client, people):
    assert isinstance(admin.site, HeraldAdminSite)
    page = client.get(reverse("admin:login")).content.decode()
    assert "Herald" in page
    assert "Django" not in page
    assert 'rel="icon"' in page


def test_the_mark_is_there():
    assert finders.find(MARK)


def test_logging_in_leads_to_the_dashboard(client, people):
    answer = client.post(
        reverse("admin:login"),
        {"username": people["viewer"].username, "password": "correct horse"},
    )
    assert answer.url == reverse("admin:index")


def test_trackers_know_the_same_kinds_as_releases():
    assert list(KINDS) == list(Release.Kind.choices)


def names(rf, person):
    request = rf.get("/")
    request.user = person
    return [
        (item["title"], str(item["link"]))
        for group in sidebar(request)
        for item in group["items"]
    ]


def test_the_side_bar_has_the_order_of_the_work(rf, people):
    titles = [title for title, _ in names(rf, people["root"])]
    assert titles[:9] == [
        *("Dashboard", "Releases", "Queue", "Uploads", "Analytics", "Trackers"),
        *("Credentials", "Templates", "Approval rules"),
    ]
    assert titles[-1] == "API documentation"
    assert len(titles) == sum(len(entries) for _, entries, _ in GROUPS)


@pytest.mark.parametrize("role", ["viewer", "preparer", "approver", "admin", "root"])
def test_every_entry_of_the_side_bar_opens_for_who_sees_it(client, rf, people, role):
    client.force_login(people[role])
    for title, link in names(rf, people[role]):
        assert client.get(link).status_code == 200, title


def test_people_and_queue_are_not_shown_to_those_who_may_not_open_them(rf, people):
    titles = {title for title, _ in names(rf, people["viewer"])}
    assert titles.isdisjoint({"Users", "Groups", "API tokens", "Nudges", "Schedules"})


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("releases_release", ["Releases"]),
        ("releases_library", ["Releases", "Libraries"]),
        ("trackers_tracker", ["Trackers"]),
    ],
)
def test_the_way_to_a_list_names_nothing_twice(name, way, client, people):
    client.force_login(people["admin"])
    page = client.get(reverse(f"admin:{name}_changelist")).content.decode()
    head = page[page.index("<h1") : page.index("</h1>")]
    assert re.findall(r">\s*([A-Z]\w+)\s*<", head) == way


def test_the_way_names_a_row_as_somebody_did(client, people):
    row = factories.LibraryFactory(name="books of mine")
    client.force_login(people["admin"])
    url = reverse("admin:releases_library_change", args=[row.pk])
    page = client.get(url).content.decode()
    head = page[page.index("<h1") : page.index("</h1>")]
    assert re.search(r">\s*books of mine\s*<", head)


def test_what_is_still_needed_says_so_and_leads_back(client, people):
    needed = factories.ReleaseFactory(title="A Book").library
    client.force_login(people["admin"])
    url = reverse("admin:releases_library_delete", args=[needed.pk])
    page = client.get(url).content.decode()
    assert f"{needed.name} is in use" in page
    assert re.search(r"<a [^>]*>A Book</a>", page)
    assert reverse("admin:releases_library_changelist") in page
    assert "protected related objects" not in page
