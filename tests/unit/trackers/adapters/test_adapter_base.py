"""What every family gets from the base: secrets, announce URL, capabilities."""

import pytest
import requests

from common.http import build_session
from tests.payloads import API_KEY, PASSKEY, make_adapter, make_payload, make_site
from trackers.adapters.base import TrackerAdapter
from trackers.adapters.gazelle.adapter import GazelleAdapter
from trackers.errors import TrackerConfigError, UnsupportedByTracker
from trackers.registry import FAMILIES, families, get_adapter_class
from trackers.types import (
    CheckResult,
    CredentialField,
    Markup,
    TrackerSite,
    UploadResult,
)


class BareAdapter(TrackerAdapter):
    """A family that can do nothing beyond the required."""

    family = "bare"
    label = "Bare"
    docs_url = ""
    credential_fields = (
        CredentialField(name="user", label="User", secret=False),
        CredentialField(name="cookie", label="Cookie"),
    )
    markup = Markup.BBCODE
    rewrites_torrent = True

    def check(self):
        return CheckResult(ok=True)

    def site_values(self, kind, context):
        return {}

    def validate(self, payload):
        return []

    def form_fields(self, payload):
        return ()

    def build_request(self, payload):
        return requests.Request("POST", "http://127.0.0.1:9")

    def send_upload(self, request, on_sending):
        return requests.Response()

    def classify(self, response):
        return None

    def parse_upload(self, response):
        return UploadResult(remote_id="1", url="", infohash_kept=False)


@pytest.fixture
def bare():
    credential = {
        "user": "someone",
        "cookie": "c00kie/+x",
        "odd": "unlisted",
        "s": "ab",
    }
    with BareAdapter(make_site(), credential, build_session()) as made:
        yield made


def test_undeclared_capabilities_are_explicit_errors(bare):
    with pytest.raises(UnsupportedByTracker, match="search"):
        bare.find_existing(make_payload())
    with pytest.raises(UnsupportedByTracker, match="download torrent"):
        bare.download_torrent(UploadResult(remote_id="1", url=""))


def test_family_without_losses_in_mapping_notes_nothing(bare):
    assert bare.mapping_notes("audiobook", {}) == []


def test_infohash_stays_unknown_when_the_site_rewrote_the_torrent(bare):
    assert bare.upload(make_payload()).infohash == ""


def test_secrets_are_hidden_in_every_spelling_and_open_fields_are_not(bare):
    text = "someone c00kie/+x c00kie/%2Bx c00kie%2F%2Bx unlisted ab"
    assert bare.hide(text) == "someone [hidden] [hidden] [hidden] [hidden] ab"


def test_longer_secret_is_hidden_before_one_that_is_part_of_it():
    credential = {"cookie": "abcdef-tail", "other": "abcdef"}
    with BareAdapter(make_site(), credential, build_session()) as adapter:
        assert adapter.hide("abcdef-tail") == "[hidden]"


def test_missing_secret_is_named_by_its_label_or_its_name(bare):
    with BareAdapter(make_site(), {"cookie": "  "}, build_session()) as adapter:
        with pytest.raises(TrackerConfigError, match='"Cookie"'):
            adapter.secret("cookie")
        with pytest.raises(TrackerConfigError, match='"passkey"'):
            adapter.secret("passkey")


def test_repr_holds_no_secret():
    with make_adapter(build_session()) as adapter:
        assert repr(adapter) == "<GazelleAdapter red>"


def test_announce_url_is_finished_with_the_passkey():
    with make_adapter(build_session()) as adapter:
        assert adapter.announce_url() == f"http://127.0.0.1:9/announce/red/{PASSKEY}"


@pytest.mark.parametrize("passkey", ["", "  ", "a/b", "a b", "{0}", "a?b", "ü"])
def test_announce_url_needs_a_proper_passkey(passkey):
    with (
        make_adapter(build_session(), passkey=passkey) as adapter,
        pytest.raises(TrackerConfigError) as caught,
    ):
        adapter.announce_url()
    assert "Redacted" in caught.value.message


def test_announce_url_without_a_place_for_a_passkey_is_taken_as_it_is():
    site = TrackerSite(
        slug="open",
        name="Open",
        base_url="http://127.0.0.1:9",
        announce_url="http://127.0.0.1:9/announce/{other}",
        source_flag="",
    )
    with BareAdapter(site, {}, build_session()) as adapter:
        assert adapter.announce_url() == "http://127.0.0.1:9/announce/{other}"


@pytest.mark.parametrize("dialect", ["", "what", None, ["red"]])
def test_unknown_dialect_is_a_matter_of_configuration(dialect):
    site = TrackerSite(
        slug="x",
        name="X",
        base_url="http://127.0.0.1:9",
        announce_url="",
        source_flag="",
        options={"dialect": dialect},
    )
    with (
        GazelleAdapter(site, {}, build_session()) as adapter,
        pytest.raises(TrackerConfigError, match="red, ops"),
    ):
        adapter.validate(make_payload())


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel"])
def test_malformed_key_is_a_matter_of_configuration(key):
    with (
        make_adapter(build_session(), api_key=key) as adapter,
        pytest.raises(TrackerConfigError) as caught,
    ):
        adapter.build_request(make_payload())
    assert key not in caught.value.message


@pytest.mark.parametrize(
    ("dialect", "stored", "header"),
    [
        ("red", API_KEY, API_KEY),
        ("ops", API_KEY, f"token {API_KEY}"),
        ("ops", f"token {API_KEY}", f"token {API_KEY}"),
    ],
)
def test_key_goes_into_the_header_as_the_site_wants_it(dialect, stored, header):
    with make_adapter(build_session(), dialect, api_key=stored) as adapter:
        request = adapter.build_request(make_payload(dialect.upper()))
    assert request.headers == {"Authorization": header}


def test_pure_methods_need_no_credential():
    site = make_site("ops")
    with GazelleAdapter(site, {}, build_session()) as adapter:
        assert adapter.validate(make_payload("OPS")) == []
        assert adapter.form_fields(make_payload("OPS"))
        assert adapter.site_values("audiobook", {"audio": {"codec": "MP3"}}) == {
            "category": "3",
            "format": "MP3",
        }


def test_torrent_name_gets_its_ending_once():
    torrent = make_payload().torrent
    with make_adapter(build_session()) as adapter:
        for given in ("A Book", "A Book.TORRENT"):
            named = make_payload(
                torrent=type(torrent)(
                    content=torrent.content, infohash="", name=given, size=1
                )
            )
            request = adapter.build_request(named)
            assert request.files["file_input"][0].lower() == "a book.torrent"


def test_xhe_aac_is_noted_because_the_site_can_only_call_it_aac():
    with make_adapter(build_session()) as adapter:
        context = {"audio": {"codec": "mp4a.40.42"}}
        assert adapter.site_values("audiobook", context)["format"] == "AAC"
        (note,) = adapter.mapping_notes("audiobook", context)
        assert note.code == "xhe_aac"
        assert adapter.mapping_notes("audiobook", {"audio": {"codec": "AAC LC"}}) == []
        assert adapter.mapping_notes("audiobook", {}) == []


def test_registry_finds_every_family_and_names_them_when_it_does_not():
    assert families() == tuple(FAMILIES)
    for family in families():
        assert get_adapter_class(family).family == family
    with pytest.raises(TrackerConfigError, match="gazelle"):
        get_adapter_class("whatever")


def test_nothing_is_similar_where_a_family_cannot_search(bare):
    assert bare.find_similar(make_payload()) == []
