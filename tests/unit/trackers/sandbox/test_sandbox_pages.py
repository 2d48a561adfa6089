"""The pages: what they show, and that nothing on them can run."""

import re

import pytest
import requests

from tests.unit.trackers.sandbox.gazelle_calls import (
    MUSIC,
    SiteCalls,
    make_torrent,
)
from trackers.sandbox import accounts
from trackers.sandbox.pages.views import size_text

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def page(sandbox):
    """A page's text; the status must be as expected."""

    def get(path, status=200):
        answer = requests.get(f"{sandbox.origin}{path}", timeout=5)
        assert answer.status_code == status
        return answer.text

    return get


def path_of(upload):
    return (
        f"/{upload['site']}/torrents.php?id={upload['group_id']}"
        f"&torrentid={upload['id']}"
    )


def test_empty_home_says_what_to_do(page):
    text = page("/")

    assert text.count("Nothing uploaded yet") == 2
    assert "No request has come in yet" in text


def test_home_lists_uploads_and_requests(page, red):
    red.sandbox.fail("red", "index", "drop-before")
    with pytest.raises(requests.ConnectionError):
        red.get("index")
    red.upload()

    text = page("/")

    assert "H. G. Wells - The Time Machine" in text
    assert "1 upload<" in text
    assert "stored as 5100001" in text
    assert "drop-before" in text


def test_site_lists_its_uploads(page, site):
    assert "Nothing uploaded yet" in page(f"/{site.slug}/")
    site.upload()

    text = page(f"/{site.slug}/")

    assert "H. G. Wells - The Time Machine" in text
    assert "AAC 64" in text
    assert "not seeded" in text


def test_long_list_has_pages(page, red):
    red.sandbox.options(limits=False)
    for number in range(51):
        red.upload(torrent=make_torrent(f"Book {number}"), title=f"Title {number}")

    assert 'href="?page=2"' in page("/red/")
    assert "Title 0<" in page("/red/?page=2")
    assert 'href="?page=1"' in page("/red/?page=2")
    assert "Title 50<" in page("/red/?page=nonsense")


def test_upload_page_shows_everything_received(page, site):
    site.upload(image="https://host.example/cover.jpg", scene="1")
    upload = site.sandbox.uploads(site.slug)[0]

    text = page(path_of(upload))

    for shown in (
        "<b>A machine</b> for travelling in time.",
        "One file with chapters.",
        'src="https://host.example/cover.jpg"',
        "science.fiction",
        "AAC 64",
        upload["infohash"],
        upload["file_sha256"],
        "book.m4b",
        "1000 B",
        "other_bitrate",
        "No torrent client has announced it yet.",
    ):
        assert shown in text


def test_link_of_a_duplicate_leads_to_the_page(page, red):
    red.upload()
    error = red.post().json()["error"]
    [link] = re.findall(r'href="([^"]+)"', error)

    assert "The Time Machine" in page(f"/red/{link}")
    assert "The Time Machine" in page("/red/torrents.php?id=2400001")


def test_music_page_names_the_artists(page, red):
    red.upload(MUSIC, torrent=make_torrent("Sea", [("a.flac", 3 * 1024**2)]))

    text = page(path_of(red.sandbox.uploads("red")[0]))

    assert "The Crew, A Guest – Sea Songs" in text
    assert "3.0 MiB" in text
    assert "FLAC Lossless · CD" in text


def test_seeders_and_leechers_are_shown(page, red):
    red.upload(torrent=make_torrent(source=None, private=None))
    upload = red.sandbox.uploads("red")[0]
    for peer, port, left in ((b"a" * 20, "6881", 0), (b"b" * 20, "6882", 7)):
        requests.get(
            red.sandbox.announce("red").format(passkey=red.sandbox.passkey("red")),
            params=[
                ("info_hash", bytes.fromhex(upload["infohash"])),
                ("peer_id", peer),
                ("port", port),
                ("left", str(left)),
            ],
            headers={"User-Agent": "qBittorrent/5.0.4"},
            timeout=5,
        )

    text = page(path_of(upload))

    assert "1 seeding" in text
    assert "1 leeching" in text
    assert "qBittorrent/5.0.4" in text
    assert "7 bytes left" in text
    assert "set to RED by the site" in text
    assert "1 seeding" in page("/red/")


def test_one_page_shows_the_made_up_keys_and_no_other_secret(sandbox, page):
    sandbox.add_account("red", "newcomer", key="a-key-of-somebody-else")

    text = page("/accounts")

    shown = re.findall(r"<textarea[^>]*>([^<]+)</textarea>", text)
    known = [key for account in accounts.DEFAULTS for key in account.keys]
    assert {accounts.digest(key) for key in shown} == {key.digest for key in known}
    assert len(shown) == len(known)
    secrets = ["a-key-of-somebody-else"]
    for account in accounts.DEFAULTS:
        secrets += [account.passkey, account.authkey, account.session]
    assert [each for each in secrets if each in text] == []
    assert 'href="/accounts"' in page("/")


def test_the_key_to_take_is_one_that_may_upload(sandbox, page):
    for slug in ("red", "ops"):
        (sample,) = (
            one
            for one in accounts.SAMPLES
            if one.site == slug and "Take this one" in one.use
        )
        SiteCalls(sandbox, slug, sample.key).upload()


def test_hostile_fields_are_shown_as_text(page, site):
    site.upload(
        title=HOSTILE,
        album_desc=f"{HOSTILE} [url=javascript:alert(1)]x[/url]",
        release_desc=HOSTILE,
        image='https://host.example/"onerror="x.jpg',
        name="a<b>&.torrent",
        **{"<i>field": HOSTILE},
    )

    for path in ("/", f"/{site.slug}/", path_of(site.sandbox.uploads(site.slug)[0])):
        text = page(path)
        assert "<script" not in text
        assert "<img src=x" not in text
        assert 'onerror="x' not in text
        assert "<i>field" not in text
        assert 'href="javascript:' not in text
        assert "&lt;script&gt;" in text


def test_pages_forbid_scripts_and_frames(sandbox):
    answer = requests.get(f"{sandbox.origin}/", timeout=5)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy


def test_style_is_served(sandbox):
    answer = requests.get(f"{sandbox.origin}/style.css", timeout=5)

    assert answer.headers["Content-Type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/red/torrents.php",
        "/red/torrents.php?torrentid=1",
        "/red/torrents.php?id=1",
        "/mam/",
        "/red/secret.php",
    ],
)
def test_unknown_page_says_so(page, path):
    assert "There is no such page" in page(path, 404)


def test_login_page_says_why(page):
    assert "Authorization" in page("/ops/login.php")


def test_faults_are_planned_and_cleared_with_buttons(sandbox, page):
    def press(**form):
        return requests.post(f"{sandbox.origin}/faults", data=form, timeout=5)

    plan = {"site": "red", "action": "upload", "fault": "slow", "seconds": "7"}
    answer = press(**plan, times="0", back="red")

    assert answer.url.endswith("/red/#faults")
    assert "until cleared" in answer.text
    [fault] = sandbox.faults()
    assert (fault["fault"], fault["seconds"], fault["times"]) == ("slow", 7, None)
    press(**plan, times="")
    assert "every action" in press(site="ops", fault="html", times="2").text
    assert len(sandbox.faults()) == 3

    press(clear=str(fault["id"]))
    assert len(sandbox.faults()) == 2
    assert press(clear="all").url.endswith("/#faults")
    assert sandbox.faults() == []
    assert "Nothing is planned" in page("/")


def test_wrong_button_does_nothing(sandbox):
    for form, headers in (
        ({"site": "red", "fault": "explode"}, {}),
        ({"site": "red", "fault": "html"}, {"Origin": "https://evil.example"}),
    ):
        answer = requests.post(
            f"{sandbox.origin}/faults", data=form, headers=headers, timeout=5
        )
        assert answer.status_code == 404
    assert requests.post(f"{sandbox.origin}/", timeout=5).status_code == 404
    assert sandbox.faults() == []


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1536, "1.5 KiB"),
        (5 * 1024**3, "5.0 GiB"),
        (3 * 1024**4, "3.0 TiB"),
    ],
)
def test_sizes_are_for_people(size, text):
    assert size_text(size) == text
