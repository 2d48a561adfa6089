"""Whatever stands in an address, every page of the admin answers quietly."""

import logging

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tests.admin_pages import address, routes, rows_of_everything

pytestmark = pytest.mark.django_db
BIG, HUGE = "9" * 26, "9" * 5000
RUBBISH = ("%00", BIG, "%FF%27%20OR%201=1%20--,")
QUERIES = (
    *(f"{name}={value}" for name in ("q", "p", "o") for value in RUBBISH),
    *("p=-1", "p=0", f"p={HUGE}", "o=-", "o=99.-99", "o=--1", f"o=1.{HUGE}", "o=."),
    *("all=%00", "all=", "_popup=%00", "_popup=1", "_facets=%00", "e=1", "e=1&p=x"),
    *("_to_field=%00", "_to_field=id", "_to_field=password", "_to_field=x__y"),
    *("_changelist_filters=%00", "_changelist_filters=a%3D%2500%26o%3D%25FF"),
    *("nothing=1", "pk=x", "pk__in=,", f"id__exact={BIG}", "id__exact=%00", "__=1"),
    *(
        "user__password__startswith=a",
        "%00=1",
        "%FF=%FF",
        "=",
        "&&&",
        "q=" + "a+" * 999,
    ),
)
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def names_of(model):
    """The parameters of a list's own filters."""
    for one in admin.site._registry[model].list_filter:
        name = one[0] if isinstance(one, tuple) else one
        if isinstance(name, str):
            for kind in ("exact", "gte", "isnull", "in", "range"):
                yield f"{name}__{kind}"
            yield f"{name}__id__exact"
        else:
            yield getattr(name, "parameter_name", "")


def is_loud(record):
    """Whether it tells of an error of ours; that a page is not for somebody is none."""
    if record.exc_info and issubclass(record.exc_info[0], PermissionDenied):
        return False
    return bool(record.exc_info) or record.levelname == "ERROR"


@pytest.fixture
def quiet(client, people, caplog):
    """Ask for an address; says what is not quiet about the answer, or ""."""
    client.force_login(people["root"])
    caplog.set_level(logging.WARNING)

    def ask(url, *fine):
        caplog.clear()
        answer = client.get(url)
        if answer.status_code not in fine:
            return f"{url[:200]}: {answer.status_code}"
        loud = [one for one in caplog.records if is_loud(one)]
        return f"{url[:200]}: {loud[0].getMessage()[:200]}" if loud else ""

    return ask


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_every_list_answers_any_address_with_a_list(model, quiet):
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    url = reverse(f"admin:{name}_changelist")
    own = [f"{one}={value}" for one in names_of(model) for value in RUBBISH[1:]]
    # Back to the list, without what was odd, or with the flag that is among these.
    asked = [quiet(f"{url}?{query}", 200, 302) for query in (*QUERIES, *own)]
    assert [one for one in asked if one] == []


@pytest.mark.parametrize("app", sorted({name.partition("_")[0] for name in routes()}))
def test_every_other_page_answers_quietly_too(app, quiet, people, tmp_path):
    rows = rows_of_everything(tmp_path, people["root"])
    names = [
        name
        for name in routes()
        if name.partition("_")[0] == app and not name.endswith("_changelist")
    ]
    queries = ("_changelist_filters=%00", "_to_field=password&_popup=%FF", "p=x&o=x")
    asked = [
        quiet(f"{address(name, rows)}?{query}", 200, 302, 400, 403, 404, 405)
        for name in names
        for query in queries
    ]
    assert [one for one in asked if one] == []


def test_an_endless_search_is_told_how_long_it_may_be(client, people):
    client.force_login(people["root"])
    url = reverse("admin:releases_release_changelist")
    page = client.get(url, {"q": "word " * 51}, follow=True)
    said = [str(one) for one in page.context["messages"]]
    assert said == ["A search takes at most 50 words. Search for fewer."]
    assert client.get(url, {"q": "word " * 50}).status_code == 200
