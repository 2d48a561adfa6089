"""Several files become one release: order, chapters, length, and what differs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.metadata.combining import in_playing_order
from releases.metadata.reading import read_release_audio
from releases.metadata.types import AudioInfo, Chapter, FileReading


def reading(path, *, ms=10_000, disc=0, track=0, title="", chapters=(), **more):
    audio: dict[str, Any] = {
        "codec": "MP3",
        "container": "MP3",
        "bitrate": 64_000,
        "channels": 1,
    }
    audio |= {"bitrate_mode": "CBR", "sample_rate": 44_100} | more.pop("audio", {})
    raw = more.pop("raw", {})
    if title:
        raw = raw | {"title": title}
    return FileReading(
        path=path,
        audio=AudioInfo(duration_ms=ms, **audio),
        disc=disc,
        track=track,
        raw=raw,
        chapters=tuple(
            Chapter(title=name, start_ms=start, end_ms=end)
            for name, start, end in chapters
        ),
        fields=more.pop("fields", {}),
        **more,
    )


def shown(fields):
    return [(c["title"], c["start_ms"], c["end_ms"]) for c in fields["chapters"]]


def codes(notices):
    return [notice.code for notice in notices]


def test_nothing_readable_gives_only_the_reasons():
    fields, notices = read_release_audio([FileReading(path="a.mp3", error="Broken.")])
    assert fields == {}
    assert [(n.code, n.message, n.path) for n in notices] == [
        ("unreadable", "Broken.", "a.mp3")
    ]
    assert read_release_audio([]) == ({}, ())


def test_one_broken_file_does_not_stop_the_others():
    broken = FileReading(path="2.mp3", error="Broken.")
    fields, notices = read_release_audio([reading("1.mp3"), broken])
    assert fields["runtime_ms"] == 10_000
    assert codes(notices) == ["unreadable"]


def test_tracks_give_the_order_when_complete():
    files = [
        reading("a.mp3", disc=2, track=1),
        reading("b.mp3", disc=1, track=2),
        reading("c.mp3", disc=1, track=1),
    ]
    assert [r.path for r in in_playing_order(files)] == ["c.mp3", "b.mp3", "a.mp3"]


@pytest.mark.parametrize("tracks", [(1, 1, 2), (1, 0, 2)])
def test_names_give_the_order_when_tracks_are_not_usable(tracks):
    files = [
        reading(path, track=track)
        for path, track in zip(("10.mp3", "9.mp3", "1.mp3"), tracks, strict=True)
    ]
    _, notices = read_release_audio(files)
    assert [r.path for r in in_playing_order(files)] == ["1.mp3", "9.mp3", "10.mp3"]
    assert "tracks_ambiguous" in codes(notices)


def test_files_without_any_track_need_no_notice():
    _, notices = read_release_audio([reading("1.mp3"), reading("2.mp3")])
    assert notices == ()


def test_each_file_without_chapters_is_a_chapter():
    files = [
        reading("01 - a.mp3", title="One"),
        reading("02 - b.mp3", title="Two", ms=5),
    ]
    fields, _ = read_release_audio(files)
    assert shown(fields) == [("One", 0, 10_000), ("Two", 10_000, 10_005)]
    assert fields["runtime_ms"] == 10_005


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("disc 1/01 - The Period.mp3", "The Period"),
        ("01. The Period.mp3", "The Period"),
        ("1-02 The Period.mp3", "The Period"),
        ("003.mp3", "003"),
        ("2001 A Space.mp3", "A Space"),
        ("The Period.mp3", "The Period"),
    ],
)
def test_titles_come_from_names_when_tags_all_repeat_the_book(name, title):
    files = [reading(name, title="Book"), reading("99 - z.mp3", title="Book")]
    fields, _ = read_release_audio(files)
    assert title in [name for name, _, _ in shown(fields)]


def test_chapters_inside_files_are_moved_by_the_files_before():
    files = [
        reading("1.mp3", chapters=[("A", 0, 4_000), ("B", 4_000, 10_000)]),
        reading("2.mp3", chapters=[("C", 0, 10_000)]),
        reading("3.mp3", title="D"),
    ]
    fields, _ = read_release_audio(files)
    assert shown(fields) == [
        ("A", 0, 4_000),
        ("B", 4_000, 10_000),
        ("C", 10_000, 20_000),
        ("D", 20_000, 30_000),
    ]


def test_a_single_file_keeps_its_own_chapters():
    fields, _ = read_release_audio([reading("1.m4b", chapters=[("A", 5, 9)])])
    assert shown(fields) == [("A", 5, 9)]
    assert "chapters" not in read_release_audio([reading("1.m4b")])[0]


def test_a_file_of_unknown_length_leaves_no_chapters():
    fields, notices = read_release_audio([reading("1.mp3", ms=0), reading("2.mp3")])
    assert "chapters" not in fields
    assert codes(notices) == ["chapters_uncertain"]


def test_overdrive_chapters_that_go_on_are_joined():
    raw = {"chapters_from": "overdrive"}
    files = [
        reading("1.mp3", chapters=[("A", 0, 2_000), ("B", 2_000, 10_000)], raw=raw),
        reading(
            "2.mp3", chapters=[("B (0:08)", 0, 3_000), ("C", 3_000, 10_000)], raw=raw
        ),
    ]
    fields, _ = read_release_audio(files)
    assert shown(fields) == [
        ("A", 0, 2_000),
        ("B", 2_000, 13_000),
        ("C", 13_000, 20_000),
    ]


def test_figures_that_all_files_share_are_the_release_s():
    fields, notices = read_release_audio([reading("1.mp3"), reading("2.mp3", ms=5_000)])
    audio = fields["audio"]
    assert (audio["bitrate"], audio["bitrate_mode"]) == (64_000, "CBR")
    assert audio["duration_ms"] == 15_000
    assert notices == ()


def test_bitrate_is_averaged_by_time():
    vbr = {"bitrate_mode": "VBR", "preset": "V2"}
    files = [
        reading("1.mp3", ms=30_000, audio=vbr | {"bitrate": 100_000}),
        reading("2.mp3", ms=10_000, audio=vbr | {"bitrate": 60_000}),
    ]
    fields, notices = read_release_audio(files)
    assert fields["audio"]["bitrate"] == 90_000
    assert fields["audio"]["preset"] == "V2"
    assert notices == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"codec": "AAC LC"}, "mixed_codecs"),
        ({"sample_rate": 22_050}, "mixed_sample_rates"),
        ({"channels": 2}, "mixed_channels"),
        ({"bits_per_sample": 24}, "mixed_bit_depths"),
        ({"bitrate": 128_000}, "mixed_bitrates"),
        ({"bitrate_mode": "VBR"}, "mixed_bitrates"),
    ],
)
def test_what_differs_between_files_is_told(change, code):
    fields, notices = read_release_audio(
        [reading("1.mp3"), reading("2.mp3", ms=5_000, audio=change)]
    )
    assert code in codes(notices)
    if code == "mixed_bitrates":
        assert fields["audio"]["bitrate_mode"] == ""


def test_most_frequent_tag_wins_and_the_others_are_told():
    files = [
        reading("1.mp3", fields={"title": "Wrong", "genres": ["A"]}),
        reading("2.mp3", fields={"title": "Right", "genres": ["B"]}),
        reading("3.mp3", fields={"title": "Right", "genres": ["B"]}),
    ]
    fields, notices = read_release_audio(files)
    assert (fields["title"], fields["genres"]) == ("Right", ["B"])
    assert codes(notices) == ["tags_differ"]


@given(
    st.lists(
        st.builds(
            reading,
            st.text(max_size=8),
            ms=st.integers(0, 10**9),
            disc=st.integers(0, 3),
            track=st.integers(0, 5),
            title=st.text(max_size=4),
        ),
        max_size=8,
    )
)
def test_any_files_give_chapters_that_never_run_backwards(files):
    fields, _ = read_release_audio(files)
    ends = [0]
    for chapter in fields.get("chapters", []):
        assert chapter["start_ms"] == ends[-1]
        ends.append(chapter["end_ms"])
    assert ends == sorted(ends)


class Counted(dict[str, Any]):
    """What was read of a file; counts how often its title is asked for."""

    asked = 0

    def get(self, key, default=None):
        self.asked += key == "title"
        return super().get(key, default)


def test_the_titles_are_not_compared_anew_for_each_file():
    files = [
        reading(f"{number:03}.mp3", raw=Counted(title=f"Title {number}"))
        for number in range(50)
    ]
    fields, _ = read_release_audio(files)
    assert fields["chapters"][-1]["title"] == "Title 49"
    assert max(file.raw.asked for file in files) <= 3
