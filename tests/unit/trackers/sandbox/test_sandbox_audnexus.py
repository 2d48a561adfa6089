"""The metadata service: its book, its errors, its limits."""

import io
import json
from datetime import datetime

import pytest
import requests
from PIL import Image

from tests.sandbox import ROOT

BOOK_KEYS = (
    "asin authors copyright description formatType genres image isAdult isbn language"
    " literatureType narrators publisherName rating ratings region releaseDate"
    " runtimeLengthMin seriesPrimary seriesSecondary subtitle summary title"
)
CHAPTER_KEYS = (
    "asin region brandIntroDurationMs brandOutroDurationMs chapters isAccurate"
    " runtimeLengthMs runtimeLengthSec"
)
AUTHOR_KEYS = "asin description genres image name region similar"


@pytest.fixture
def ask(sandbox):
    """GET at the service: answers a requests.Response."""

    def get(path, **arguments):
        return requests.get(
            f"{sandbox.url('audnexus')}/{path}", params=arguments, timeout=5
        )

    return get


def test_book_has_every_key(ask):
    book = ask("books/B0HERALD01").json()

    assert set(book) == set(BOOK_KEYS.split())
    assert (book["title"], book["subtitle"]) == ("The Time Machine", "An Invention")
    assert book["authors"] == [{"asin": "B0HERALDW1", "name": "H. G. Wells"}]
    assert [n["name"] for n in book["narrators"]] == ["Espeak Ng", "Ada Sparrow"]
    assert book["seriesPrimary"]["name"] == "Scientific Romances"
    assert book["releaseDate"] == "1895-05-07T00:00:00.000Z"
    digits = [int(digit) for digit in book["isbn"]]
    assert sum(d * (1, 3)[i % 2] for i, d in enumerate(digits)) % 10 == 0


def test_cover_is_a_real_picture_at_an_address_sites_take(ask):
    image = ask("books/B0HERALD01").json()["image"]

    assert image.endswith(".jpg")
    assert 10 <= len(image) <= 255
    answer = requests.get(image, timeout=5)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).format == "JPEG"


def test_chapters_are_those_of_the_demo_file(ask):
    answer = ask("books/B0HERALD01/chapters").json()
    demo = json.loads((ROOT / "demo" / "book.json").read_text("utf-8"))

    assert set(answer) == set(CHAPTER_KEYS.split())
    assert [
        (each["title"], each["startOffsetMs"], each["lengthMs"])
        for each in answer["chapters"]
    ] == [
        (each["title"], each["start_ms"], each["length_ms"])
        for each in demo["chapters"]
    ]
    assert all(
        each["startOffsetSec"] == round(each["startOffsetMs"] / 1000)
        for each in answer["chapters"]
    )
    assert answer["runtimeLengthMs"] == demo["runtime_ms"]
    assert answer["isAccurate"] is True


def test_book_is_the_demo_one(ask):
    book = ask("books/B0HERALD01").json()
    demo = json.loads((ROOT / "demo" / "book.json").read_text("utf-8"))

    for name in ("asin", "title", "subtitle", "language"):
        assert book[name] == demo[name]
    assert book["publisherName"] == demo["publisher"]
    assert [each["name"] for each in book["authors"]] == demo["authors"]


def test_author(ask):
    author = ask("authors/B0HERALDW1").json()

    assert set(author) == set(AUTHOR_KEYS.split())
    assert ask("authors", name="wells").json() == [
        {"asin": "B0HERALDW1", "name": "H. G. Wells"}
    ]
    assert ask("authors", name="verne").json() == []


def test_region_is_repeated(ask):
    assert ask("books/B0HERALD01", region="uk").json()["region"] == "uk"


@pytest.mark.parametrize(
    ("words", "count"), [("time machine wells", 1), ("B0HERALD01", 1), ("dracula", 0)]
)
def test_search(ask, words, count):
    assert len(ask("books/search", q=words).json()) == count
    assert ask("books/search", q=words, region="jp").json() == []


@pytest.mark.parametrize(
    ("path", "arguments", "status", "code"),
    [
        ("books/B0HERALD01", {"region": "de"}, 404, "REGION_UNAVAILABLE"),
        ("books/B0HERALD99", {}, 404, "REGION_UNAVAILABLE"),
        ("books/B0HERALD99/chapters", {}, 404, "REGION_UNAVAILABLE"),
        ("books/b0herald01", {}, 400, "BAD_REQUEST"),
        ("books/B0HERALD01", {"region": "gb"}, 422, "VALIDATION_ERROR"),
        ("books/search", {}, 400, "BAD_REQUEST"),
        ("authors", {}, 500, "500"),
        ("authors", {"name": "x"}, 400, "BAD_REQUEST"),
        ("elsewhere/at/all", {}, 404, "NOT_FOUND"),
        ("", {}, 404, "NOT_FOUND"),
    ],
)
def test_errors_have_the_new_form(ask, path, arguments, status, code):
    answer = ask(path, **arguments)

    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert set(answer.json()["error"]) == {"code", "message", "details"}
    assert answer.json()["error"]["code"] == code


def test_region_error_says_which(ask):
    error = ask("books/B0HERALD01", region="de").json()["error"]

    assert error["message"] == (
        "Item not available in region 'de' for ASIN: B0HERALD01"
    )
    assert error["details"]["asin"] == "B0HERALD01"


def test_hundred_and_first_call_of_a_minute_is_refused(ask):
    first = ask("health")
    assert first.headers["x-ratelimit-limit"] == "100"
    assert first.headers["x-ratelimit-remaining"] == "99"
    for _ in range(99):
        assert ask("health").status_code == 200

    refused = ask("books/B0HERALD01")

    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "RATE_LIMIT_EXCEEDED"
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert 1 <= int(refused.headers["retry-after"]) <= 60


def test_health(ask):
    answer = ask("health").json()

    assert answer["status"] == "healthy"
    assert set(answer["checks"]) == {"server", "database", "redis"}
    assert datetime.fromisoformat(answer["timestamp"])


def test_service_fails_on_command(sandbox, ask):
    for action, path in (
        ("book", "books/B0HERALD01"),
        ("chapters", "books/B0HERALD01/chapters"),
        ("search", "books/search"),
        ("author", "authors/B0HERALDW1"),
        ("authors", "authors"),
        ("health", "health"),
    ):
        sandbox.fail("audnexus", action, "refuse")
        answer = ask(path)
        assert answer.status_code == 500
        assert answer.json()["statusCode"] == 500
    sandbox.fail("audnexus", "book", "bad-key")
    assert ask("books/B0HERALD01").status_code == 403
    sandbox.fail("audnexus", "book", "rate-limit", seconds=37)
    assert ask("books/B0HERALD01").headers["retry-after"] == "37"
    assert len(sandbox.requests("audnexus")) == 8
