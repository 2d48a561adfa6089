"""One shape for every failure, and nothing but JSON."""

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from rest_framework.test import APIClient

from config.api import exception_handler
from tests import factories
from trackers.errors import TrackerUnavailable

pytestmark = pytest.mark.django_db


def check(answer, status, code):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    body = answer.json()
    assert set(body) == {"code", "message", "extra"}
    assert body["code"] == code
    assert body["message"].endswith((".", "?"))
    assert isinstance(body["extra"], dict)
    return body


def test_not_logged_in(api):
    body = check(api().get("/api/releases/"), 401, "not_authenticated")
    assert "/api/auth/login/" in body["message"]


def test_a_wrong_token(db, client):
    answer = client.get("/api/releases/", headers={"Authorization": "Token nonsense"})
    check(answer, 401, "authentication_failed")


def test_a_role_that_may_not(api):
    check(api("stranger").get("/api/releases/"), 403, "permission_denied")
    check(api("viewer").post("/api/releases/", {}, "json"), 403, "forbidden")


@pytest.mark.parametrize(
    "path",
    [
        "releases/4711/",
        "releases/99999999999999999999999999/",
        "releases/x/",
        "releases/-1/",
        "releases/1e5/",
        "releases/%00/",
        "releases/%ED%A0%80/",
        "releases/%F0%9F%92%A9/",
        "uploads/../releases/4711/",
        "releases/4711/nothing/",
        "nothing/",
        "nothing",
        "",
        ".",
        "..",
        "releases/.",
        "releases/..",
        "releases/./",
        "releases//",
        "//",
    ],
)
def test_addresses_that_lead_nowhere(path, api):
    answer = api("viewer").get(f"/api/{path}")
    if path == "":
        assert answer.status_code == 200
        return
    check(answer, 404, "not_found")


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_an_address_nobody_serves_says_so_to_every_method(method, api):
    check(getattr(api(), method)("/api/nothing/"), 404, "not_found")


def test_a_page_is_found_without_its_last_slash(api):
    answer = api("viewer").get("/api/releases?state=ready")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/api/releases/?state=ready",
    )
    assert api("viewer").get("/api/docs")["Location"] == "/api/docs/"
    check(api("viewer").post("/api/releases", {}, "json"), 404, "not_found")


def test_a_method_that_is_not_served(api):
    body = check(api("admin").delete("/api/releases/"), 405, "method_not_allowed")
    assert "DELETE" in body["message"]
    assert "POST" in api("admin").delete("/api/releases/")["Allow"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "x"]
)
def test_a_format_that_is_not_read(kind, api):
    answer = api("preparer").post("/api/releases/", b"path=/x", content_type=kind)
    check(answer, 415, "unsupported_media_type")


def test_an_answer_that_is_not_json_is_not_given(api):
    answer = api("viewer").get("/api/releases/", headers={"Accept": "text/csv"})
    check(answer, 406, "not_acceptable")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b"\xff\xfe",
        b'{"path": NaN}',
        b'{"path": 1e999}',
        b'{"path": "\\u0000"}',
        b'{"path": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'{"path": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b"[" * 60 + b"]" * 60,
        b'{"path": "a\nb"}',
        b"",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_a_body_that_is_no_usable_json(body, api):
    answer = api("preparer").post(
        "/api/releases/", body, content_type="application/json"
    )
    code = "invalid" if body == b"" else "parse_error"
    check(answer, 400, code)


@pytest.mark.parametrize(
    "kind", ["application/json", "application/x-www-form-urlencoded"]
)
def test_a_body_of_ten_megabytes(kind, api):
    answer = api("preparer").post(
        "/api/releases/", b'{"path": "' + b"x" * 10_000_000, content_type=kind
    )
    check(answer, 413, "body_too_large")


def test_a_form_with_more_fields_than_anybody_needs(api):
    body = "&".join(f"f{n}=1" for n in range(2000))
    kind = "application/x-www-form-urlencoded"
    answer = api("preparer").post("/api/releases/", body, content_type=kind)
    check(answer, 400, "parse_error")


def test_a_form_with_a_nul(api):
    kind = "application/x-www-form-urlencoded"
    answer = api("preparer").post("/api/releases/", "path=%00", content_type=kind)
    check(answer, 400, "parse_error")


def test_wrong_fields_are_named(api):
    answer = api("preparer").post("/api/releases/", {"kind": "tape"}, "json")
    body = check(answer, 400, "invalid")
    assert set(body["extra"]["fields"]) == {"path", "kind"}


@pytest.mark.parametrize("body", ["[]", '"x"', "5", "null", "true"])
def test_a_body_that_is_no_object(body, api):
    answer = api("preparer").post(
        "/api/releases/", body, content_type="application/json"
    )
    check(answer, 400, "invalid")


def test_too_many_requests(api, monkeypatch):
    from rest_framework.throttling import UserRateThrottle

    monkeypatch.setattr(UserRateThrottle, "rate", "2/min", raising=False)
    client = api("viewer")
    statuses = [client.get("/api/releases/").status_code for _ in range(2)]
    assert statuses == [200, 200]
    answer = client.get("/api/releases/")
    body = check(answer, 429, "throttled")
    assert int(answer["Retry-After"]) > 0
    assert body["message"].startswith("Too many requests. Try again in ")
    cache.clear()


def test_a_session_needs_its_csrf_token(people):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(people["preparer"])
    body = check(client.post("/api/releases/", {}, "json"), 403, "permission_denied")
    assert body["message"].startswith("CSRF Failed")


def test_what_is_still_in_use_is_not_deleted(api, rows):
    body = check(
        api("admin").delete(f"/api/libraries/{rows['libraries'].pk}/"), 409, "in_use"
    )
    assert body["message"] == (
        "It cannot be deleted. It holds releases, and each of them needs its folder. "
        "Keep it: without watch folders, nothing is added from it any more. Change its "
        "path if the folder has moved."
    )
    answer = api("admin").delete(f"/api/trackers/{rows['trackers'].pk}/")
    assert "uploads" in check(answer, 409, "in_use")["message"]
    seeder = rows["libraries"].torrent_client
    answer = api("admin").delete(f"/api/clients/{seeder.pk}/")
    assert "libraries" in check(answer, 409, "in_use")["message"]
    rows["libraries"].refresh_from_db()
    assert rows["libraries"].torrent_client == seeder


def test_an_error_inside_herald_says_so_and_no_more(api, rows, monkeypatch, caplog):
    from releases.models import Release

    def broken(self):
        raise ZeroDivisionError("the reason is only for the log")

    monkeypatch.setattr(Release, "values", property(broken))
    monkeypatch.setattr(Release, "events", property(broken), raising=False)
    monkeypatch.setattr(Release, "files", property(broken))
    answer = api("viewer").get(f"/api/releases/{rows['releases'].pk}/files/")
    body = check(answer, 500, "internal")
    assert "only for the log" not in str(body)
    assert "only for the log" in caplog.text


def test_a_tracker_that_fails_is_a_bad_gateway():
    answer = exception_handler(TrackerUnavailable("RED does not answer."), {})
    assert answer.status_code == 502
    assert answer.data == {
        "code": "tracker_unavailable",
        "message": "RED does not answer.",
        "extra": {},
    }


def test_two_at_the_same_moment(db):
    from django.db import IntegrityError

    answer = exception_handler(IntegrityError("UNIQUE constraint failed: x.y"), {})
    assert answer.status_code == 409
    assert answer.data["code"] == "conflict"
    assert "UNIQUE" not in str(answer.data)


def test_creating_it_again_names_the_first(api, rows, tmp_path):
    folder = tmp_path / "Book"
    folder.mkdir()
    library = factories.LibraryFactory(path=str(tmp_path))
    release = factories.ReleaseFactory(library=library, source_path="Book")
    answer = api("preparer").post("/api/releases/", {"path": str(folder)}, "json")
    body = check(answer, 409, "release_exists")
    assert body["extra"] == {"release": release.pk}


@pytest.mark.parametrize(
    ("exc", "status", "code"),
    [
        (PermissionDenied("Nobody may."), 403, "permission_denied"),
        (Http404("No such row."), 404, "not_found"),
        (SuspiciousOperation("Odd."), 400, "parse_error"),
    ],
)
def test_djangos_own_refusals_have_the_same_shape(exc, status, code):
    answer = exception_handler(exc, {})
    assert (answer.status_code, answer.data["code"]) == (status, code)
    assert str(exc) not in answer.data["message"]
