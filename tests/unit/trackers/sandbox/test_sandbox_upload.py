"""What becomes of an upload: the torrent's checks, the rewrite, the answers."""

import hashlib
import threading

from tests.unit.trackers.sandbox.gazelle_calls import (
    AUDIOBOOK,
    MUSIC,
    SiteCalls,
    make_torrent,
    sha1,
)
from trackers.sandbox import accounts, bencode


def test_red_answers_with_lower_case_ids(red):
    answer = red.post()

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "success",
        "response": {
            "private": True,
            "source": True,
            "requestid": None,
            "torrentid": 5100001,
            "groupid": 2400001,
            "newgroup": True,
        },
    }


def test_ops_answers_with_camel_case_ids_and_info(ops):
    assert ops.post().json() == {
        "status": "success",
        "response": {
            "groupId": 1150001,
            "torrentId": 3200001,
            "private": True,
            "source": True,
            "warnings": [],
        },
        "info": {"source": "Orpheus", "version": 1},
    }


def test_request_to_fill_does_not_stop_an_upload(red, ops):
    assert red.upload(requestid="5")["requestid"] == -1
    assert ops.upload(requestid="5")["fillRequest"]["status"] == 400


def test_form_and_file_are_kept_as_received(site):
    content = make_torrent(source=site.slug.upper())
    site.upload(torrent=content, name="My Book.torrent", extra="as sent")

    stored = site.sandbox.uploads(site.slug)[0]
    assert stored["form"] == [[name, value] for name, value in AUDIOBOOK.items()] + [
        ["extra", "as sent"]
    ]
    assert stored["file_name"] == "My Book.torrent"
    assert stored["file_sha256"] == hashlib.sha256(content).hexdigest()


def test_authkey_of_a_form_is_not_kept(site):
    site.upload(auth="very-secret-authkey")

    assert "very-secret-authkey" not in str(site.sandbox.uploads())


def test_missing_flags_are_set_and_told(red, ops):
    content = make_torrent(private=None, source=None)

    assert red.upload(torrent=content)["private"] is False
    told = ops.upload(torrent=content)

    assert told["private"] is False
    assert told["source"] is False
    assert len(told["warnings"]) == 3
    for site in (red, ops):
        stored = site.sandbox.uploads(site.slug)[0]
        info = bencode.decode(stored["content"])[b"info"]
        assert info[b"private"] == 1
        assert info[b"source"] == site.slug.upper().encode()
        digest = sha1(bencode.encode(info))
        assert stored["infohash"] == digest


def test_same_folder_again_is_told_on_ops(ops):
    ops.upload()

    again = ops.upload(torrent=make_torrent(source="OPS", pieces=b"q" * 20))

    assert "The Time Machine" in again["warnings"][0]


def test_duplicate_is_refused_with_its_link(site):
    first = site.upload()
    torrent_id = first.get("torrentid") or first["torrentId"]

    answer = site.post(title="Another title altogether")

    assert answer.status_code == (400 if site.slug == "red" else 200)
    error = answer.json()["error"]
    assert error.startswith("The exact same torrent file already exists on the site!")
    assert f"torrentid={torrent_id}" in error
    assert len(site.sandbox.uploads(site.slug)) == 1


def test_duplicate_is_decided_after_the_rewrite(site):
    site.upload()

    error = site.post(torrent=make_torrent(source=None, private=None)).json()["error"]

    assert "exact same torrent file already exists" in error


def test_torrent_whose_file_the_site_lost_is_fixed(site):
    first = site.upload()
    torrent_id = first.get("torrentid") or first["torrentId"]
    site.sandbox.lose(site.slug, torrent_id)
    assert site.sandbox.uploads(site.slug)[0]["content"] is None

    answer = site.post().json()

    assert answer["status"] == "failure"
    assert answer["error"].startswith("Thank you for fixing this torrent <a ")
    assert site.sandbox.uploads(site.slug)[0]["content"] is not None


def test_duplicates_are_found_before_file_names_are_looked_at(ops, sandbox):
    content = make_torrent(files=[("a.json", 1)], source="OPS")
    ops.upload(torrent=content)

    assert "exact same torrent" in ops.post(torrent=content).json()["error"]


def test_many_at_once_store_one(site):
    site.sandbox.options(limits=False)
    answers = []

    def send():
        answers.append(SiteCalls(site.sandbox, site.slug).post().json()["status"])

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["failure"] * 7 + ["success"]
    assert len(site.sandbox.uploads(site.slug)) == 1
    assert len(site.sandbox.requests(site.slug, "upload")) == 8


def test_music_joins_the_group_it_names(site):
    first = site.upload(MUSIC, make_torrent("One"))
    group = first.get("groupid") or first["groupId"]
    fewer = {
        name: value
        for name, value in MUSIC.items()
        if name in ("type", "format", "bitrate", "media")
    }

    second = site.upload(fewer, make_torrent("Two"), groupid=str(group))

    assert (second.get("groupid") or second["groupId"]) == group
    assert len(site.sandbox.uploads(site.slug)) == 2


def test_ops_merges_the_same_work_and_red_makes_a_new_group(red, ops):
    for site in (red, ops):
        site.upload(MUSIC, make_torrent("One"))
        site.upload(MUSIC, make_torrent("Two"), title="sea songs")
        site.upload(MUSIC, make_torrent("Three"), year="2000")

    def groups(slug):
        return [each["group_id"] - 1 for each in ops.sandbox.uploads(slug)]

    assert groups("red") == [2400000, 2400001, 2400002]
    assert groups("ops") == [1150000, 1150000, 1150001]


def test_second_audiobook_of_a_title_makes_a_new_group(site):
    site.upload(torrent=make_torrent("One"))
    site.upload(torrent=make_torrent("Two"))

    first, second = site.sandbox.uploads(site.slug)
    assert first["group_id"] != second["group_id"]


def test_dry_run_on_red_stores_nothing(red):
    answer = red.post(dryrun="1")

    assert answer.json()["status"] == "dry run success"
    assert answer.json()["data"]["source"] is True
    assert red.sandbox.uploads() == []


def test_dry_run_on_red_tells_what_is_wrong(red):
    answer = red.post(dryrun="1", tags="")

    assert answer.status_code == 400
    assert answer.json()["status"] == "dry run failure"
    assert "tag" in answer.json()["data"]["error"]


def test_dry_run_on_ops_is_a_real_upload(ops):
    ops.upload(dryrun="1")

    assert len(ops.sandbox.uploads("ops")) == 1


def test_member_without_the_right_may_not_upload(sandbox):
    sandbox.add_account("ops", "lurker", key="lurkers-key", may_upload=False)
    lurker = SiteCalls(sandbox, "ops", "lurkers-key")

    assert lurker.refusal() == "Your upload privileges have been revoked."


def test_key_without_the_scope_lists_the_account_but_may_not_upload(sandbox):
    limited = SiteCalls(sandbox, "red", accounts.RED_KEY_NO_UPLOAD)

    assert limited.ask("index")["username"] == "rehearsal"
    assert limited.ask("browse")["results"] == []
    assert limited.post().status_code == 401
    assert limited.get("torrent", id=1).status_code == 401
    assert sandbox.uploads() == []


def test_tags_are_stored_as_the_site_writes_them(site):
    site.upload(tags="Science Fiction, time-travel,классика, Classic!,classic,..a..b..")

    assert site.sandbox.uploads(site.slug)[0]["group"]["tags"] == [
        "science.fiction",
        "time.travel",
        "classic",
        "a.b",
    ]
