"""What is shaped like a secret, or known to be one, leaves no trace."""

import base64
import html
import json
import threading
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from common.known_secrets import KnownSecrets
from common.redact import (
    MASK,
    forget_secrets,
    redact,
    redact_data,
    redact_headers,
    redact_url,
    remember_secret,
)

KEY = "0123456789abcdef0123456789abcdef"
patient = hypothesis_settings(deadline=None)  # a busy machine is no failure
SECRET = "s3cr3t+v/al ue"


@pytest.mark.parametrize(
    "text",
    [
        f"https://t.example/{KEY}/announce",
        f"https://t.example:34000/{KEY}/announce.php",
        f"https://t.example/announce/{KEY}",
        f"http://127.0.0.1:8700/announce/red/{KEY}",
        f"https://t.example/announce.php?passkey={KEY}",
        f"d8:announce60:https://t.example/{KEY}/announce13:creation date",
        f"https:\\/\\/t.example\\/announce\\/{KEY}",
        f"https%3A%2F%2Ft.example%2Fannounce%2F{KEY}",
        f"https%3a%2f%2ft.example%2f{KEY}%2fannounce",
        f"https://t.example/scrape/{KEY}?info_hash=x",
        f"https://t.example/torrent/download/123.{KEY}",
        f"GET /ajax.php?action=index&auth={KEY} HTTP/1.1",
        f"torrent_pass={KEY}&authkey={KEY}",
        f"url=%2Fajax.php%3Fapi_key%3D{KEY}",
        f"Authorization: {KEY}",
        f"authorization: token {KEY}",
        f"Authorization: Bearer {KEY}",
        f"sent Bearer {KEY} to it",
        f"Cookie: session={KEY}; theme=dark",
        f"Set-Cookie: sid={KEY}; HttpOnly",
        f"X-Api-Key: {KEY}",
        f"{{'Authorization': '{KEY}', 'Accept': 'x'}}",
        f"{{'Authorization': b'{KEY}'}}",
        f"[('passkey', '{KEY}')]",
        f'{{"api_key": "{KEY}"}}',
        f'{{"body": "{{\\"api_key\\": \\"{KEY}\\"}}"}}',
        f"postgres://herald:{KEY}@db.example:5432/herald",
        f"redis://:{KEY}@127.0.0.1:6379/0",
        f"HERALD_MASTER_KEY={KEY}",
        f"accessToken={KEY}",
        f"mam_id={KEY}",
        f'form-data; name="api_key"\r\n\r\n{KEY}\r\n--x--',
        f'name="auth"\r\nContent-Type: text/plain\r\n\r\n{KEY}\r\n',
        repr(f'name="api_key"\r\n\r\n{KEY}\r\n--x'.encode()),
        json.dumps(f'name="api_key"\r\n\r\n{KEY}\r\n--x'),
        f"api_key: {KEY}",
        f"api_key = {KEY}",
        f"password: {KEY}",
        f"api_key = '{KEY}'",
        f"Credential(label='x', api_key='{KEY}')",
        f"  passkey: {KEY}\n  label: mine",
        f'{{"api_key": ["{KEY}"]}}',
        f'{{"api_key": ["x", "{KEY}"], "a": 1}}',
        f"{{'passkey': ('{KEY}',)}}",
        f"<passkey>{KEY}</passkey>",
        f'<passkey type="x">{KEY}</passkey>',
        f'<input name="api_key" value="{KEY}">',
        f'<input type="text" value="{KEY}" name="api_key" />',
        f"<input name=api_key value={KEY}>",
        json.dumps(f'<input name="api_key" value="{KEY}">'),
    ],
)
def test_what_looks_like_a_secret_is_replaced(text):
    shown = redact(text)
    assert KEY not in shown
    assert MASK in shown


def test_what_stands_around_a_secret_stays():
    assert redact(f"GET /ajax.php?action=index&auth={KEY} HTTP/1.1") == (
        f"GET /ajax.php?action=index&auth={MASK} HTTP/1.1"
    )
    assert redact(f"http://h:8700/announce/red/{KEY}?x=1") == (
        f"http://h:8700/announce/red/{MASK}?x=1"
    )
    assert redact("postgres://me:pa@ss@db/herald") == f"postgres://me:{MASK}@db/herald"
    assert redact(f"api_key: {KEY}, label: mine") == f"api_key: {MASK}, label: mine"
    assert redact(f'{{"passkey": ["{KEY}", "b"], "a": ["c"]}}') == (
        f'{{"passkey": ["{MASK}"], "a": ["c"]}}'
    )
    assert redact(f'<input name="api_key" value="{KEY}"> <b>Key</b>') == (
        f'<input name="api_key" value="{MASK}"> <b>Key</b>'
    )
    assert redact(f"<passkey>{KEY}</passkey><id>7</id>") == (
        f"<passkey>{MASK}</passkey><id>7</id>"
    )
    assert redact(f"{{'Authorization': '{KEY}', 'Accept': 'x'}}") == (
        f"{{'Authorization': '{MASK}', 'Accept': 'x'}}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Uploaded release 12 to red in 3.5 s",
        "infohash=0123456789abcdef0123456789abcdef01234567",
        "https://t.example/torrents.php?id=12&torrentid=13",
        "author=Jane Austen, authors=2",
        "compass=north bypass_cache=no",
        "http://127.0.0.1:8700/tracker/announce",
        "the basic idea",
        "1:02:03 at 10:00",
        "The key: number 12345678 of the ring",
        "Redacted refused the token: it is no longer valid.",
        "Wrong password: authentication failed.",
        "api_key: This field may not be blank.",
        "Enter the passkey: Test learns it from the site.",
        "The session: 3 uploads, 2 of them new",
        'a field name="title"\r\n\r\nA Book\r\n',
        '<input name="title" value="A Book"><token>',
        '{"token": [], "title": ["A Book"]}',
        "",
    ],
)
def test_what_is_no_secret_stays(text):
    assert redact(text) == text


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        quote_plus(SECRET),
        quote(quote(SECRET, safe=""), safe=""),
        json.dumps({"a": SECRET}),
        json.dumps({"a": SECRET}).replace("/", "\\/"),
        html.escape(SECRET),
        repr(SECRET),
        repr(SECRET.encode()),
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(b"user:" + SECRET.encode()).decode(),
        base64.b64encode(b"x:" + SECRET.encode() + b"tail").decode(),
        base64.b64encode(b"xyz" + SECRET.encode() + b"tail").decode(),
    ],
)
def test_a_known_secret_is_found_however_it_is_written(written):
    remember_secret(SECRET)
    shown = redact(f"before {written} after")
    assert MASK in shown
    assert shown.startswith("before ")
    assert written[2:-2] not in shown


@patient
@given(
    st.text(min_size=6, max_size=60).filter(lambda text: len(text.strip()) >= 6),
    st.text(max_size=30),
    st.text(max_size=30),
)
def test_no_known_secret_survives_in_any_text(secret, before, after):
    forget_secrets()
    remember_secret(secret)
    bare = secret.strip()
    assert bare not in redact(before + bare + after).replace(MASK, "\0")


@patient
@given(st.text(st.characters(codec="utf-8"), min_size=6, max_size=60))
def test_no_known_secret_survives_a_form_or_a_json_body(secret):
    forget_secrets()
    if len(secret.strip()) < 6:
        return
    remember_secret(secret)
    for body in (urlencode({"f": secret.strip()}), json.dumps({"f": secret.strip()})):
        assert MASK in redact(body)


@patient
@given(st.text())
def test_redaction_never_fails(text):
    assert isinstance(redact(text), str)
    assert isinstance(redact_url(text), str)


def test_short_and_huge_values_are_not_remembered():
    remember_secret("abc12")
    remember_secret("   abc  ")
    remember_secret("x" * 9000)
    assert redact("abc12 abc " + "x" * 9000) == "abc12 abc " + "x" * 9000


def test_the_registry_is_bounded_and_keeps_what_was_seen_last():
    known = KnownSecrets(most=2)
    known.remember("first-secret")
    known.remember("second-secret")
    known.remember("first-secret")
    known.remember("third-secret")
    assert known.mask("first-secret second-secret third-secret") == (
        f"{MASK} second-secret {MASK}"
    )


def test_a_longer_secret_is_replaced_before_the_shorter_one_in_it():
    remember_secret("passkey-1")
    remember_secret("passkey-1-long")
    assert redact("passkey-1-long passkey-1") == f"{MASK} {MASK}"


def test_threads_may_remember_and_redact_at_the_same_time():
    failures = []

    def work(number):
        for step in range(50):
            secret = f"thread-{number}-secret-{step}"
            remember_secret(secret)
            if secret in redact(f"x {secret} y"):
                failures.append(secret)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_a_url_loses_login_parameters_and_keys_in_its_path():
    shown = redact_url(
        f"https://me:pw@t.example/rss/{KEY}.xml?id=3&AuthKey=ab&x=#auth=z"
    )
    assert shown == (
        f"https://{MASK}@t.example/rss/{MASK}.xml?id=3&AuthKey={MASK}&x=#auth={MASK}"
    )


def test_a_url_that_cannot_be_parsed_is_redacted_as_text():
    assert redact_url(f"http://[::1/?auth={KEY}") == f"http://[::1/?auth={MASK}"


def test_secret_headers_lose_their_values():
    assert redact_headers(
        {"Authorization": "x", "COOKIE": "a=b", "X-API-Key": "q", "Accept": "text/html"}
    ) == {
        "Authorization": MASK,
        "COOKIE": MASK,
        "X-API-Key": MASK,
        "Accept": "text/html",
    }


def test_data_is_redacted_by_name_and_by_text_at_every_depth():
    remember_secret("12345678")
    data = {
        "api_key": "short",
        "auth": {"a": 1},
        "token": None,
        "password": "",
        "list": [f"x?auth={KEY}", 12345678, 5, 1.5, True],
        f"http://h/announce/{KEY}": {"passkey": 7},
        "error": ValueError("12345678"),
    }
    assert redact_data(data) == {
        "api_key": MASK,
        "auth": MASK,
        "token": None,
        "password": "",
        "list": [f"x?auth={MASK}", MASK, 5, 1.5, True],
        f"http://h/announce/{MASK}": {"passkey": MASK},
        "error": MASK,
    }


def test_endless_nesting_ends():
    data: list[object] = []
    data.append(data)
    assert MASK in str(redact_data(data))
