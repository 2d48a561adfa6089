"""What a list cannot be asked is refused by name, and what is described is heard."""

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests import factories

pytestmark = pytest.mark.django_db

SHAPE = {"code", "message", "extra"}


def lists():
    """The path of every call that answers with pages, and its parameters by name."""
    described = SchemaGenerator().get_schema(public=True)
    for path, methods in described["paths"].items():
        asked = {
            one["name"]: one["schema"]
            for one in methods.get("get", {}).get("parameters", ())
            if one["in"] == "query"
        }
        if "cursor" in asked:
            yield pytest.param(path, asked, id=path)


LISTS = list(lists())


class Listed:
    """One list: call it with a query, as an admin; `asked` are its parameters."""

    def __init__(self, ask, asked):
        self._ask, self.asked = ask, asked

    def __call__(self, **query):
        return self._ask(query)


@pytest.fixture(params=[each.values for each in LISTS], ids=[each.id for each in LISTS])
def listed(request, api, rows):
    """Each list in turn."""
    path, asked = request.param
    kind = path.removeprefix("/api/").split("/")[0]
    address = path.replace("{id}", str(rows[kind].pk if kind in rows else 0))

    return Listed(lambda query: api("admin").get(address, query), asked)


def refused(answer):
    """What is said about each parameter of a refused list."""
    assert answer.status_code == 400, answer.content
    body = answer.json()
    assert set(body) == SHAPE
    assert body["code"] == "invalid"
    return {name: " ".join(told) for name, told in body["extra"]["fields"].items()}


def test_there_are_many_lists():
    assert len(LISTS) >= 20


def test_a_parameter_that_a_list_has_not_is_refused_with_those_it_has(listed):
    told = refused(listed(nonsense="1", page_size="10"))
    assert set(told) == {"nonsense"}
    known = told["nonsense"].partition("Known are: ")[2].rstrip(".").split(", ")
    assert set(known) == set(listed.asked)


@pytest.mark.parametrize("size", ["0", "000", "-1", "abc", "1.5", "²", "٣", "\0"])
def test_a_page_size_that_is_none_is_refused(listed, size):
    assert "from 1 to 200" in refused(listed(page_size=size))["page_size"]


def test_large_page_sizes_count_as_the_largest(listed):
    assert listed(page_size="100000").status_code == 200


def test_a_count_is_asked_for_by_true(listed):
    assert "true" in refused(listed(count="maybe"))["count"]
    assert "count" not in listed(count="false").json()


def test_an_order_by_another_column_is_refused_with_those_there_are(listed):
    told = refused(listed(ordering="id,evil"))["ordering"]
    if "ordering" not in listed.asked:
        assert "no such parameter" in told
        return
    shape = listed.asked["ordering"]["pattern"]
    columns = shape.partition("(")[2].partition(")")[0].split("|")
    assert all(name in told for name in columns)
    for name in columns:
        assert listed(ordering=f"-{name}").status_code == 200
    assert listed(ordering=f",{columns[0]},").status_code == 200


def test_a_value_that_a_filter_has_not_is_refused_with_those_it_has(listed):
    for name, shape in listed.asked.items():
        if name == "count":
            continue
        if shape["type"] == "boolean":
            assert "true or false" in refused(listed(**{name: "maybe"}))[name]
            for word in ("true", "False", "1", "0"):
                assert listed(**{name: word}).status_code == 200
        elif "enum" in shape:
            told = refused(listed(**{name: "nonsense"}))[name]
            assert all(str(value) in told for value in shape["enum"] if value)
        elif shape.get("format") == "date-time":
            assert "2026-01-31T12:00:00Z" in refused(listed(**{name: "soon"}))[name]


def test_what_is_said_without_a_value_counts_as_left_out(listed):
    assert listed(**dict.fromkeys(listed.asked, "")).status_code == 200


def test_a_word_for_true_or_false_narrows_the_list(api, people):
    asks = factories.UploadFactory(
        status="failed", reason={"code": "outcome_unsettled", "message": "?"}
    )
    factories.UploadFactory()
    for word in ("true", "1", "TRUE"):
        answer = api("viewer").get("/api/uploads/", {"question": word}).json()
        assert [row["id"] for row in answer["results"]] == [asks.pk]


def test_a_row_that_a_filter_names_must_be_there(api, rows):
    told = refused(api("viewer").get("/api/releases/?library=999999"))
    assert "none with this id" in told["library"]


def test_odd_names_are_cut_short(api, people):
    (name,) = refused(api("viewer").get("/api/releases/", {"x" * 5000: "1"}))
    assert len(name) == 100


@pytest.mark.parametrize("table", ["trackers", "errors", "history", "templates"])
def test_figures_refuse_what_they_do_not_know(api, people, table):
    ask = api("viewer").get
    told = refused(ask(f"/api/analytics/{table}/?trackr=red"))
    assert "tracker" in told["trackr"]
    assert ask(f"/api/analytics/{table}/?period=7&format=csv").status_code == 200
    told = refused(ask(f"/api/analytics/{table}/?split=2"))
    assert told["split"]
