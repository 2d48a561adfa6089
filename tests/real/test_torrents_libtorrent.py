"""libtorrent agrees with every torrent made, and finds its pieces on disk."""

import os
import unicodedata
from pathlib import Path
from typing import Any

import libtorrent
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from releases.torrents.bencode import encode
from releases.torrents.errors import InvalidName, InvalidTorrent
from releases.torrents.metainfo import derive, infohash, read_torrent, strip
from releases.torrents.pieces import KIB, MIB
from releases.torrents.validation import check_paths
from tests.torrents import decoded, torrent_of, write_files

pytestmark = pytest.mark.real

PIECE_LENGTHS = [2**power for power in range(14, 25)]
NFC, NFD = (unicodedata.normalize(form, "Hörbuch é") for form in ("NFC", "NFD"))


def libtorrent_info(folder: Path, files, piece_length, *, is_single=False):
    """The info dictionary that libtorrent makes of the same files, read anew."""
    entries = [
        libtorrent.create_file_entry(
            file.label if is_single else f"{folder.name}/{file.label}", file.size
        )
        for file in files
    ]
    maker = libtorrent.create_torrent(
        entries, piece_length, libtorrent.create_torrent.v1_only
    )
    maker.set_priv(True)
    libtorrent.set_piece_hashes(maker, str(folder if is_single else folder.parent))
    return maker.generate()[b"info"]


def assert_agreed(content: bytes, theirs: dict[bytes, Any]) -> None:
    """Both made the same info dictionary, and all derived torrents parse alike."""
    ours = decoded(content)[b"info"]
    assert ours[b"pieces"] == theirs[b"pieces"]
    assert ours == theirs
    derived = [
        content,
        derive(content, announce="http://t.example/announce/k", source="RED"),
        derive(content, announce=None, source="OPS", private=False, comment="ü"),
    ]
    for torrent in [*derived, *map(strip, derived)]:
        parsed = libtorrent.torrent_info(torrent)
        assert str(parsed.info_hashes().v1) == infohash(torrent)
        assert parsed.info_section() in torrent
    red = libtorrent.torrent_info(derived[1])
    assert red.priv()


@pytest.mark.parametrize("piece_length", PIECE_LENGTHS)
@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_a_single_file_around_a_piece_border(tmp_path, piece_length, extra):
    files = write_files(tmp_path, {"Book.m4b": piece_length + extra})
    content = torrent_of("Book.m4b", files, piece_length, is_single=True)
    theirs = libtorrent_info(tmp_path, files, piece_length, is_single=True)
    assert_agreed(content, theirs)


@pytest.mark.parametrize("piece_length", PIECE_LENGTHS)
def test_a_folder_with_empty_tiny_and_bordering_files(tmp_path, piece_length):
    sizes = {
        "0 first": 0,
        "1": 1,
        "2 fills the piece": piece_length - 1,
        "3 exactly": piece_length,
        "4/empty": 0,
        "4/one": 1,
        "5": piece_length // 2 + 1,
        "z": 0,
    }
    folder = tmp_path / "Book"
    files = write_files(folder, sizes)
    assert_agreed(
        torrent_of("Book", files, piece_length),
        libtorrent_info(folder, files, piece_length),
    )


ODD_NAMES = [
    NFC,
    NFD,
    "ספר שמע",
    "📚🎧",
    " spaces  at both ends ",
    "trailing dot.",
    "-rf *?:\"<>|'$(x)",
    "a" * 240,
    "é" * 120,
    ".hidden",
    "CON",
    "%2e%2e",
]
REWRITTEN_NAMES = [
    "\u202eevil\u202c.mp3",
    "👩\u200d👩\u200d👧",
    "new\nline",
    "\ttab",
    "\x1b",
    "\x7f",
    "\x9f",
    "\u061c",
    "\ufeff",
    *(f"a{chr(code)}b" for code in range(0x200B, 0x2010)),
    "a" * 241,
    "é" * 121,
]


def libtorrents_paths(content: bytes) -> list[str]:
    """The paths below its save path at which libtorrent looks for the files."""
    loaded = libtorrent.load_torrent_buffer(content)
    assert loaded.ti is not None
    layout, renamed = loaded.ti.layout(), loaded.renamed_files
    return [
        renamed.get(index, layout.file_path(index))
        for index in range(layout.num_files())
    ]


def our_paths(content: bytes) -> list[str]:
    meta = read_torrent(content)
    return ["/".join((meta.name, *file.path)) for file in meta.files]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_of_files_and_folders(tmp_path, name):
    folder = tmp_path / name
    files = write_files(folder, {name: 20_000, f"{name[:100]}-/{name}": 1, "z": 0})
    content = torrent_of(name, files, 16 * KIB)
    parsed = libtorrent.torrent_info(content)
    assert str(parsed.info_hashes().v1) == infohash(content)
    assert libtorrents_paths(content) == our_paths(content)
    assert_agreed(content, libtorrent_info(folder, files, 16 * KIB))


def raw_torrent(*paths: list[bytes]) -> bytes:
    """A torrent that Herald itself would not make."""
    files = [{b"length": 5, b"path": path} for path in paths]
    info = {b"name": b"Book", b"piece length": 16 * KIB, b"pieces": b"x" * 20}
    return encode({b"info": {**info, b"files": files}})


@pytest.mark.parametrize(
    "paths",
    [
        *([[name.encode()]] for name in REWRITTEN_NAMES),
        [[b"Part.mp3"], [b"part.mp3"]],
        [[b"CD1", b"x"], [b"cd1", b"x"]],
        [[b"A", b"b"], [b"a"]],
    ],
)
def test_what_libtorrent_renames_is_refused(paths):
    content = raw_torrent(*paths)
    assert libtorrents_paths(content) != [
        "/".join(["Book", *(name.decode() for name in path)]) for path in paths
    ]
    with pytest.raises(InvalidTorrent, match=r"Rename|Shorten"):
        read_torrent(content)


def test_composed_and_decomposed_names_live_side_by_side(tmp_path):
    folder = tmp_path / "Book"
    files = write_files(folder, {NFC: 10_000, NFD: 10_000})
    assert_agreed(
        torrent_of("Book", files, 16 * KIB), libtorrent_info(folder, files, 16 * KIB)
    )


def is_allowed(*paths: str) -> bool:
    try:
        check_paths(tuple(path.split("/")) for path in paths)
    except InvalidName:
        return False
    return True


components = st.text(
    st.characters(
        codec="utf-8",
        exclude_characters="/\\",
        exclude_categories=["Cc", "Cf"],
        include_characters="\u00ad\u180e",  # of Cf, but kept
    ),
    min_size=1,
    max_size=20,
).filter(is_allowed)
paths = st.lists(components, min_size=1, max_size=3).map("/".join)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=components,
    sizes=st.dictionaries(
        paths,
        st.sampled_from([0, 1, 16 * KIB - 1, 16 * KIB, 32 * KIB, 128 * KIB])
        | st.integers(0, 300_000),
        min_size=1,
        max_size=8,
    ).filter(lambda sizes: sum(sizes.values()) and is_allowed(*sizes)),
    piece_length=st.sampled_from(PIECE_LENGTHS),
)
def test_any_folder(tmp_path_factory, name, sizes, piece_length):
    folder = tmp_path_factory.mktemp("any") / name
    files = write_files(folder, sizes)
    content = torrent_of(name, files, piece_length)
    assert libtorrents_paths(content) == our_paths(content)
    assert_agreed(content, libtorrent_info(folder, files, piece_length))


def test_libtorrent_seeds_from_the_files_without_fetching_a_byte(tmp_path):
    folder = tmp_path / "Book"
    files = write_files(folder, {"a": 3 * MIB + 1, NFD: 0, "b/c": 1, "d": 64 * KIB})
    content = derive(torrent_of("Book", files, 64 * KIB), announce=None, source="RED")
    session = libtorrent.session(
        {
            "listen_interfaces": "127.0.0.1:0",
            "enable_dht": False,
            "enable_lsd": False,
            "enable_upnp": False,
            "enable_natpmp": False,
            "alert_mask": libtorrent.alert.category_t.all_categories,
        }
    )
    parameters = libtorrent.add_torrent_params()
    parameters.ti = libtorrent.torrent_info(content)
    parameters.save_path = os.fspath(tmp_path)
    handle = session.add_torrent(parameters)
    while not handle.status().is_seeding:
        assert not handle.status().errc.value()
        session.wait_for_alert(1000)
        for alert in session.pop_alerts():
            assert not isinstance(alert, libtorrent.hash_failed_alert)
    assert handle.status().num_pieces == parameters.ti.num_pieces()
