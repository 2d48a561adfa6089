"""index, torrent, torrentgroup, user_torrents and download."""

import re

import libtorrent
import pytest

from tests.unit.trackers.sandbox.gazelle_calls import MUSIC, SiteCalls, make_torrent
from trackers.sandbox import accounts, bencode


def stored(site):
    return site.sandbox.uploads(site.slug)[0]


def test_index_gives_the_passkey(site):
    answer = site.ask("index")

    assert answer["username"] == "rehearsal"
    assert answer["passkey"] == site.sandbox.passkey(site.slug)
    assert {"uploaded", "downloaded", "ratio", "requiredratio", "class"} <= set(
        answer["userstats"]
    )


def test_index_differs_in_what_it_adds(red, ops):
    assert red.ask("index")["api_version"] == "redacted-v2.0"
    answer = ops.ask("index")
    assert "api_version" not in answer
    assert answer["notifications"]["newSubscriptions"] is False
    assert {"bonusPoints", "bonusPointsPerHour"} <= set(answer["userstats"])


def test_torrent_is_found_by_id_and_by_upper_case_hash(site):
    site.upload()
    upload = stored(site)

    by_id = site.ask("torrent", id=upload["id"])
    by_hash = site.ask("torrent", hash=upload["infohash"].upper())

    assert by_id == by_hash
    assert by_id["torrent"]["id"] == upload["id"]
    assert by_id["torrent"]["infoHash"] == upload["infohash"].upper()
    assert by_id["torrent"]["fileList"] == "book.m4b{{{1000}}}"
    assert by_id["torrent"]["filePath"] == "The Time Machine"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", by_id["torrent"]["time"])
    assert by_id["group"]["id"] == upload["group_id"]
    assert by_id["group"]["categoryId"] == 4
    assert by_id["group"]["categoryName"] == "Audiobooks"
    assert by_id["group"]["musicInfo"] is None
    assert by_id["group"]["wikiBody"].startswith("<b>A machine</b>")


def test_single_file_has_an_empty_file_path(site):
    site.upload(torrent=make_torrent("book.m4b", 5, source=None))

    assert site.ask("torrent", id=stored(site)["id"])["torrent"]["filePath"] == ""


def test_lower_case_hash_is_not_found(site):
    site.upload()

    assert "parameter" in site.error("torrent", hash=stored(site)["infohash"])


def test_sites_name_their_own_keys(red, ops):
    red.upload()
    ops.upload()
    on_red = red.ask("torrent", id=stored(red)["id"])
    on_ops = ops.ask("torrent", id=stored(ops)["id"])

    assert on_red["group"]["bbBody"] == on_ops["group"]["wikiBBcode"]
    assert on_red["group"]["releaseType"] == 0
    assert on_ops["group"]["releaseType"] == ""
    assert on_red["torrent"]["freeTorrent"] is False
    assert on_ops["torrent"]["freeTorrent"] == "Normal"
    assert on_red["group"]["collages"] == []
    assert on_ops["group"]["proxyImage"] == ""


def test_music_lists_its_artists_by_role(red, ops):
    for site in (red, ops):
        site.upload(MUSIC, make_torrent("One"))
        info = site.ask("torrent", id=stored(site)["id"])["group"]["musicInfo"]
        assert [artist["name"] for artist in info["artists"]] == ["The Crew"]
        assert [artist["name"] for artist in info["with"]] == ["A Guest"]
        assert ("arranger" in info) == (site.slug == "ops")
    group = ops.ask("torrentgroup", id=stored(ops)["group_id"])["group"]
    assert (group["releaseType"], group["releaseTypeName"]) == (1, "Album")


@pytest.mark.parametrize(
    ("arguments", "red_says"),
    [
        ({"id": "999"}, "bad id parameter"),
        ({"id": "x"}, "bad id parameter"),
        ({}, "bad id parameter"),
        ({"hash": "A" * 40}, "bad hash parameter"),
    ],
)
@pytest.mark.parametrize("action", ["torrent", "torrentgroup"])
def test_what_is_not_there_is_a_bad_parameter(red, ops, action, arguments, red_says):
    assert red.error(action, **arguments) == red_says
    assert red.get(action, **arguments).status_code == 400
    assert ops.error(action, **arguments) == "bad parameters"
    assert ops.get(action, **arguments).status_code == 200


def test_ops_refuses_id_and_hash_together(ops):
    ops.upload()
    upload = stored(ops)

    error = ops.error("torrent", id=upload["id"], hash=upload["infohash"].upper())

    assert error == "bad parameters"


def test_ops_hides_the_infohash_of_others_torrents(sandbox, ops, red):
    for site, other_key in (
        (ops, accounts.OPS_TOKEN_OTHER_MEMBER),
        (red, accounts.RED_KEY_OTHER_MEMBER),
    ):
        site.upload()
        other = SiteCalls(sandbox, site.slug, other_key)
        seen = other.ask("torrent", id=stored(site)["id"])["torrent"]
        assert ("infoHash" in seen) == (site.slug == "red")


def test_group_holds_all_its_torrents(site):
    site.upload(MUSIC, make_torrent("One"))
    group = stored(site)["group_id"]
    site.upload(MUSIC, make_torrent("Two"), groupid=str(group))

    by_id = site.ask("torrentgroup", id=group)
    by_hash = site.ask("torrentgroup", hash=stored(site)["infohash"].upper())

    assert len(by_id["torrents"]) == 2
    assert by_id == by_hash


def test_info_carries_the_version_of_each_action(ops):
    ops.upload()
    upload = stored(ops)

    def version(action, **arguments):
        return ops.get(action, **arguments).json()["info"]["version"]

    assert version("index") == 1
    assert version("torrent", id=upload["id"]) == 5
    assert version("torrentgroup", id=upload["group_id"]) == 2
    assert version("browse") == 2


def test_own_uploads_are_listed_on_red_only(red, ops):
    red.upload()
    me = red.ask("index")["id"]

    rows = red.ask("user_torrents", id=me, type="uploaded")["uploaded"]

    assert rows == [
        {
            "groupId": stored(red)["group_id"],
            "name": "H. G. Wells - The Time Machine",
            "torrentId": stored(red)["id"],
            "artistName": "",
            "artistId": 0,
        }
    ]
    assert red.ask("user_torrents", id=1, type="uploaded")["uploaded"] == []
    page = red.ask("user_torrents", id=me, type="uploaded", limit=5, offset=1)
    assert page["uploaded"] == []
    assert red.error("user_torrents", id=me, type="liked") == "bad parameters"
    assert ops.error("user_torrents", id=me, type="uploaded") == "failure"


def test_unknown_action(red, ops):
    assert red.get("dance").status_code == 404
    assert red.error("dance") == "endpoint not found"
    assert ops.get("dance").status_code == 200
    assert ops.error("dance") == "failure"
    assert ops.error("") == "failure"


def test_download_is_made_out_to_the_caller(site):
    site.upload()
    upload = stored(site)

    answer = site.get("download", id=upload["id"])

    assert answer.headers["Content-Type"] == "application/x-bittorrent; charset=utf-8"
    assert f"-{upload['id']}.torrent" in answer.headers["Content-Disposition"]
    read = bencode.decode(answer.content)
    announce = site.sandbox.announce(site.slug).format(
        passkey=site.sandbox.passkey(site.slug)
    )
    assert read[b"announce"].decode() == announce
    assert read[b"comment"].decode().endswith(f"torrents.php?torrentid={upload['id']}")
    seen = libtorrent.torrent_info(bencode.decode(answer.content))
    assert str(seen.info_hashes().v1) == upload["infohash"]


def test_download_of_what_is_not_there(red, ops):
    assert red.error("download", id=1) == "bad id parameter"
    assert ops.error("download", id="x") == "could not find torrent"
    ops.upload()
    ops.sandbox.lose("ops", stored(ops)["id"])
    assert ops.error("download", id=stored(ops)["id"]) == "could not find torrent"


def test_ops_refuses_the_fifth_download_of_a_script(ops):
    ops.upload()
    number = stored(ops)["id"]
    script = {**ops.headers, "User-Agent": "python-requests/2.32"}

    for _ in range(4):
        assert ops.get("download", id=number, headers=script).content[:1] == b"d"

    error = ops.error("download", id=number, headers=script)
    assert error.startswith("You have already downloaded this torrent file four times.")
    honest = {**ops.headers, "User-Agent": "Herald/1 (+https://example.org)"}
    assert ops.get("download", id=number, headers=honest).content[:1] == b"d"
