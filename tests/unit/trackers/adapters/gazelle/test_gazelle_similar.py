"""Similar torrents where the site answers oddly; the usual is shown on the sandbox."""

from hypothesis import given
from hypothesis import strategies as st

from tests.payloads import make_payload, make_site
from trackers.adapters.gazelle import similar
from trackers.adapters.gazelle.parsing import Answer
from trackers.types import Likeness, Strength

PAYLOAD = make_payload()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("groupId", "groupName", "torrentId", "torrents"),
                    *("size", "artist", "format", "encoding"),
                ]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


def success(**response):
    return Answer("success", response)


def found(*results, torrent=None, payload=PAYLOAD):
    """What is found when a title search gives these rows; and what was asked."""
    asked = []

    def ask(action, /, **params):
        asked.append({"action": action, **params})
        if action == "torrent":
            return success(torrent=torrent or {})
        return success(results=list(results) if "searchstr" in params else [])

    return similar.find(make_site(), ask, payload), asked


def row(number, title=PAYLOAD.title, size=5, **more):
    return {
        "groupId": number + 100,
        "groupName": title,
        "torrentId": number,
        "size": size,
        **more,
    }


def test_a_grouped_row_says_its_formats_itself():
    group = {
        "groupId": "9",
        "groupName": "A Book",
        "artist": "Ann Author",
        "torrents": [
            {"torrentId": 1, "format": "MP3", "encoding": "320", "size": 5},
            {"torrentId": 2, "format": "FLAC", "encoding": "Lossless", "size": 6},
        ],
    }
    (likely, possible), asked = found(group)
    assert (likely.remote_id, likely.why) == ("1", Likeness.NAME_AND_FORMAT)
    assert (possible.remote_id, possible.strength) == ("2", Strength.POSSIBLE)
    assert likely.url == "http://127.0.0.1:9/torrents.php?id=9&torrentid=1"
    assert [one["action"] for one in asked] == ["browse", "browse"]


def test_the_title_alone_is_searched_for_when_its_author_is_unknown_there():
    _, asked = found()
    words = [one["searchstr"] for one in asked if "searchstr" in one]
    assert words == ["Author A Book", "A Book"]


def test_a_format_that_the_site_does_not_say_is_none():
    (one,), _ = found(row(1), torrent={"format": None, "encoding": 7})
    assert (one.strength, one.why, one.format) == (
        *(Strength.POSSIBLE, Likeness.NAME, ""),
    )


def test_formats_are_asked_for_only_as_long_as_requests_are_left():
    several, asked = found(*(row(n) for n in range(1, 7)), torrent={"format": "mp3"})
    assert len(asked) == similar.MOST_REQUESTS
    assert [one.strength for one in several].count(Strength.LIKELY) == 2


def test_same_size_without_its_files_known_stays_a_doubt():
    rows = [
        row(n, "Ann Author - A Book Too", size=PAYLOAD.torrent.size) for n in (1, 2, 3)
    ]
    several, asked = found(*rows, torrent={"format": "MP3", "fileList": ""})
    assert {(one.strength, one.why) for one in several} == {
        (Strength.LIKELY, Likeness.SIZE)
    }
    assert len(asked) == similar.MOST_REQUESTS


def test_of_two_with_our_size_the_one_with_our_files_is_surely_ours():
    listed = "|||".join(
        f"{path.partition('/')[2]}{{{{{{{size}}}}}}}"
        for path, size in PAYLOAD.torrent.files
    )
    size = PAYLOAD.torrent.size
    there = {"fileList": listed, "filePath": "Another folder"}
    (one,), _ = found(row(1, "Quite another", size=size), torrent=there)
    assert (one.strength, one.why) == (Strength.SURE, Likeness.FILES)


def test_what_is_only_similar_is_cut_short():
    many, _ = found(*(row(n, "Ann Author - A Book Too") for n in range(1, 40)))
    assert len(many) == similar.MOST_POSSIBLE


def test_there_are_ten_at_most():
    many, _ = found(*(row(n, size=PAYLOAD.torrent.size) for n in range(1, 40)))
    assert len(many) == similar.MOST


def test_texts_are_bounded():
    (one,), _ = found(
        row(1, f"{PAYLOAD.title} ({'x' * 900})"), torrent={"format": "y" * 99}
    )
    assert len(one.title) == similar.LONGEST_TITLE
    assert len(one.format) == similar.LONGEST_WORD


@given(JSON, JSON)
def test_no_answer_is_too_odd(results, torrent):
    def ask(action, /, **params):
        return success(results=results, torrent=torrent)

    assert isinstance(similar.find(make_site(), ask, PAYLOAD), list)
