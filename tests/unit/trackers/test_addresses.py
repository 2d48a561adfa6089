"""A tracker's addresses are seen by everybody, so they hold no secret."""

import pytest
from django.core.exceptions import ValidationError

from trackers.addresses import check_announce_url, check_base_url
from trackers.seeds import load_seeds

SECRETS = [
    "https://ann:pw@site.example/{passkey}/announce",
    "https://ann@site.example/{passkey}/announce",
    "https://site.example/announce?passkey=hunter2pass",
    "https://site.example/{passkey}/announce?auth=hunter",
    "https://site.example/announce.php?x={passkey}&torrent_pass=abc",
    "https://site.example/abcdefghijklmnopqrstuvwxyzabcdef/announce",
    "https://site.example/{passkey}/0123-4567-89ab-cdef/announce",
    "https://site.example/0123456789abcdef/{passkey}/announce",
]


@pytest.mark.parametrize("url", [*SECRETS, "https://site.example/announce"])
def test_an_announce_url_has_the_mark_and_nothing_else_in_its_place(url):
    with pytest.raises(ValidationError):
        check_announce_url(url, "gazelle")


@pytest.mark.parametrize(
    "url",
    [
        "https://site.example/{passkey}/announce",
        "http://127.0.0.1:9/announce/red/{passkey}",
        "https://site.example:34000/announce.php?passkey={passkey}&compact=1",
        "udp://tracker.site.example:6969/{passkey}",
        *(seed.announce_url for seed in load_seeds()),
    ],
)
def test_announce_urls_of_real_sites_are_taken(url):
    check_announce_url(url, "gazelle")


@pytest.mark.parametrize(
    "url",
    [
        "https://ann:pw@site.example",
        "https://site.example/?passkey=hunter2pass",
        "https://site.example/0123456789abcdef0123456789abcdef",
    ],
)
def test_a_base_url_holds_no_secret_either(url):
    with pytest.raises(ValidationError):
        check_base_url(url)
