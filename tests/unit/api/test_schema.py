"""The OpenAPI description is complete, and true."""

import pytest
import yaml
from django.core.management import call_command

from tests.unit.api.calls import calls

pytestmark = pytest.mark.django_db

ERROR = {"$ref": "#/components/schemas/Error"}


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    file = tmp_path_factory.mktemp("schema") / "schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))
    return yaml.safe_load(file.read_text())


def test_every_call_is_described(schema):
    described = {
        f"{method.upper()} {path}".replace("{id}", "{pk}")
        for path, methods in schema["paths"].items()
        for method in methods
    }
    for call in calls():
        if call.route:
            assert f"{call.method} {call.url('{pk}')}" in described, call


def test_every_call_has_a_summary_and_its_failures(schema):
    for path, methods in schema["paths"].items():
        for method, call in methods.items():
            if path == "/api/schema/":
                continue
            place = f"{method} {path}"
            answers = call["responses"]
            assert call.get("description"), place
            wanted = {"429"}
            if path != "/api/auth/login/":
                wanted |= {"401", "403"}
            if "{id}" in path:
                wanted.add("404")
            if method != "get":
                wanted |= {"400", "409"}
            assert wanted <= set(answers), place
            for status in wanted:
                content = answers[status]["content"]
                assert content["application/json"]["schema"] == ERROR, place


def test_secrets_are_write_only(schema):
    shapes = schema["components"]["schemas"]
    assert "values" not in shapes["CredentialShape"]["properties"]
    assert "values" in shapes["CredentialShapeRequest"]["properties"]
    assert "password" not in shapes["TorrentClientShape"]["properties"]


def test_an_answer_is_shaped_as_described(schema, api, rows):
    shapes = schema["components"]["schemas"]
    for kind, name in (
        ("releases", "ReleaseOut"),
        ("uploads", "UploadOut"),
        ("trackers", "TrackerShape"),
        ("credentials", "CredentialShape"),
        ("templates", "TemplateShape"),
        ("libraries", "LibraryShape"),
        ("clients", "TorrentClientShape"),
    ):
        (row,) = api("viewer").get(f"/api/{kind}/").json()["results"]
        assert set(row) == set(shapes[name]["properties"]), kind


def test_the_description_and_its_page_are_served(client, db):
    assert client.get("/api/schema/").status_code == 200
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert b"swagger" in page.content.lower()
    assert b"https://" not in page.content.replace(b"https://herald", b"")
