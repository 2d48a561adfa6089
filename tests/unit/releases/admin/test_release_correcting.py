"""Trackers and kind that were said wrongly are said anew on the release's page."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def urls(release):
    page = f"/admin/releases/release/{release.pk}/"
    return f"{page}change/", f"{page}correct/"


@pytest.fixture
def release():
    for slug in ("blue", "wren"):
        factories.TrackerFactory(slug=slug, name=slug.title())
    return factories.ReleaseFactory(targets=["blue"])


def test_the_page_offers_the_form_to_whom_may_prepare(look, release):
    page, target = urls(release)
    assert target in look("preparer", page)
    assert target not in look("viewer", page)
    release.state = "approved"
    release.save()
    assert target not in look("preparer", page)


def test_other_trackers_and_another_kind_are_stored(press, release):
    said = press("preparer", urls(release)[1], trackers=["wren"], kind="music")
    assert said == ["Trackers and kind are stored; the release is prepared again."]
    release.refresh_from_db()
    assert (release.targets, release.kind) == (["wren"], "music")
    press("preparer", urls(release)[1])
    release.refresh_from_db()
    assert (release.targets, release.kind) == ([], "music")


@pytest.mark.parametrize("wish", [{"trackers": ["x"]}, {"kind": "tape"}])
def test_what_cannot_be_chosen_changes_nothing(press, release, wish):
    said = press("preparer", urls(release)[1], **wish)
    assert said == ["That choice is not there any more. Look again, then choose."]
    release.refresh_from_db()
    assert (release.targets, release.kind) == (["blue"], "audiobook")


def test_an_approved_release_is_reopened_first(press, release):
    release.state = "approved"
    release.save()
    (said,) = press("preparer", urls(release)[1], trackers=["wren"])
    assert "Reopen it first" in said
    release.refresh_from_db()
    assert release.targets == ["blue"]


def test_who_may_only_look_corrects_nothing(press, release):
    press("viewer", urls(release)[1], trackers=["wren"])
    release.refresh_from_db()
    assert release.targets == ["blue"]
