"""Audio as it comes: broken, truncated, lying. The release is ready, with notices."""

import io
import shutil

import pytest
from django.conf import settings as configured
from PIL import Image

from releases.models import MetadataRecord
from releases.services.covers import cover_path
from releases.services.ingest import release_create
from releases.services.reading import MOST_NOTICES, release_read

pytestmark = pytest.mark.django_db

DEMO = configured.BASE_DIR / "demo" / "audio"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c"
    "49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


@pytest.fixture
def tales(library, tmp_path):
    """The demo's audiobook of seven MP3 files with a cover."""
    source = next(path for path in DEMO.iterdir() if "Dickens" in path.name)
    return shutil.copytree(source, tmp_path / "library" / source.name)


@pytest.fixture
def machine(library, tmp_path):
    """The demo's single M4B, in its folder."""
    source = next(path for path in DEMO.iterdir() if "Wells" in path.name)
    return shutil.copytree(source, tmp_path / "library" / source.name)


def told(release, code):
    return [n["message"] for n in release.notices if n["code"] == code]


def test_real_audio_is_read(tales, prepare):
    release = prepare(tales)
    assert len(release.metadata["chapters"]["value"]) == 7
    assert release.metadata["audio"]["source"] == "tags"
    assert release.files.get(path__startswith="01").audio["codec"]
    assert told(release, "audio_unreadable") == []


def test_a_broken_file_is_a_notice_and_a_note(tales, prepare):
    victim = sorted(tales.glob("*.mp3"))[2]
    victim.write_bytes(b"\0" * 5000)
    release = prepare(tales)
    assert release.state == "ready"
    (message,) = told(release, "audio_unreadable")
    assert message.startswith(f"{victim.name}: The content is no audio that Herald")
    row = release.files.get(path=victim.name)
    assert (row.note, row.audio, row.included) == (message[:300], {}, True)


def test_a_truncated_file_is_told(machine, prepare):
    file = machine / "The Time Machine.m4b"
    file.write_bytes(file.read_bytes()[:2000])
    release = prepare(machine)
    assert release.state == "ready"
    assert told(release, "audio_unreadable")


def test_an_empty_audio_file_is_told(tales, prepare):
    victim = sorted(tales.glob("*.mp3"))[0]
    victim.write_bytes(b"")
    release = prepare(tales)
    assert release.state == "ready"
    assert told(release, "audio_unreadable") == [
        f"{victim.name}: The file is empty. Get a complete copy."
    ]


def test_a_file_that_lies_about_its_format_is_read_as_what_it_is(tales, prepare):
    victim = sorted(tales.glob("*.mp3"))[0]
    liar = victim.rename(victim.with_suffix(".flac"))
    release = prepare(tales, kind="audiobook")
    assert release.state == "ready"
    assert release.files.get(path=liar.name).audio["container"] == "MP3"


def test_hostile_tags_are_stored_safely(tales, prepare):
    from mutagen.id3 import COMM, ID3, TALB

    for file in tales.glob("*.mp3"):
        tags = ID3(file)
        tags.setall("TALB", [TALB(encoding=1, text="A\0B\u202e<script>x</script>")])
        tags.add(
            COMM(encoding=3, lang="eng", desc="", text="<p>a</p><img src=x onerror=y>")
        )
        tags.save(file)
    release = prepare(tales)
    assert release.state == "ready"
    stored = str(MetadataRecord.objects.get(release=release, source="tags").fields)
    assert "\0" not in stored
    assert "onerror" not in stored


def test_a_link_that_leads_out_since_the_scan_is_not_read(tales, prepare, tmp_path):
    victim = sorted(tales.glob("*.mp3"))[0]
    release = prepare(tales)
    outside = victim.rename(tmp_path / "outside.mp3")
    victim.symlink_to(outside)
    release_read(release, on_file=lambda done: None)
    record = MetadataRecord.objects.filter(source="tags").latest("pk")
    assert victim.name not in [file["path"] for file in record.raw["files"]]


def test_a_release_that_vanished_is_left_to_the_next_step(tales):
    release = release_create(path=str(tales))
    shutil.rmtree(tales)
    release_read(release, on_file=lambda done: None)
    assert list(release.records.values_list("source", flat=True)) == ["names"]


def test_the_picture_beside_the_files_is_the_cover(tales, prepare):
    release = prepare(tales)
    path = cover_path(release)
    assert path is not None
    assert path.read_bytes() == (tales / "cover.jpg").read_bytes()
    assert release.cover["mime"] == "image/jpeg"
    assert release.cover["width"] > 0


def test_the_cover_inside_the_file_is_taken(machine, prepare):
    release = prepare(machine)
    assert cover_path(release) is not None


def test_a_cover_that_is_gone_is_forgotten(tales, prepare):
    from mutagen.id3 import ID3

    release = prepare(tales)
    (tales / "cover.jpg").unlink()
    for file in tales.glob("*.mp3"):
        tags = ID3(file)
        tags.delall("APIC")
        tags.save(file)
    release = prepare(release)
    assert release.cover == {}
    assert cover_path(release) is None


def test_a_description_in_html_stays_html(tales, prepare):
    from mutagen.id3 import COMM, ID3

    first = sorted(tales.glob("*.mp3"))[0]
    for file in tales.glob("*.mp3"):
        tags = ID3(file)
        tags.delall("COMM")
        if file == first:
            text = "<p>One.</p><p>Two<br>three.</p>"
            tags.add(COMM(encoding=3, lang="eng", desc="", text=text))
        tags.save(file)
    release = prepare(tales)
    html = release.metadata["description_html"]["value"]
    assert html.startswith("<p>One.</p>")


def test_a_description_of_unclosed_tags_is_html(tales, prepare):
    from mutagen.id3 import ID3, TXXX

    text = "<p>One.<p>Two &amp; three <i>it"
    for file in tales.glob("*.mp3"):
        tags = ID3(file)
        tags.add(TXXX(encoding=3, desc="DESCRIPTION", text=[text]))
        tags.save()
    assert prepare(tales).metadata["description_html"]["value"] == (
        "<p>One.</p><p>Two &amp; three <i>it</i></p>"
    )


def jpeg(side):
    target = io.BytesIO()
    Image.new("RGB", (side, side), "navy").save(target, "JPEG")
    return target.getvalue()


def put_cover(folder, side):
    """Embed a picture of that size into each file."""
    from mutagen.id3 import APIC, ID3

    for file in folder.glob("*.mp3"):
        tags = ID3(file)
        tags.delall("APIC")
        tags.add(APIC(encoding=3, mime="image/jpeg", type=3, data=jpeg(side)))
        tags.save()


def pictures(folder):
    return [*folder.glob("*.jpg"), *folder.glob("*.jpeg"), *folder.glob("*.png")]


def test_a_large_embedded_cover_beats_a_small_one_beside_the_files(tales, prepare):
    for path in pictures(tales):
        path.unlink()
    put_cover(tales, 700)
    (tales / "cover.jpg").write_bytes(jpeg(50))
    release = prepare(tales)
    assert (release.cover["origin"], release.cover["width"]) == ("embedded", 700)
    assert told(release, "cover_small") == []


def test_what_sites_dislike_about_a_cover_is_told(tales, prepare):
    for path in pictures(tales):
        path.unlink()
    put_cover(tales, 50)
    (tales / "cover.jpg").write_bytes(jpeg(60))
    (tales / "folder.jpg").write_bytes(b"no picture")
    release = prepare(tales)
    assert release.cover["origin"] == "cover.jpg"
    assert told(release, "cover_small") == [
        "The cover has 60 x 60 pixels: sites want at least 300."
    ]
    assert told(release, "cover_unreadable") == [
        "The cover is not a readable JPEG or PNG."
    ]


def test_unreadable_files_are_told_once_and_in_brief(library, tmp_path, prepare):
    folder = tmp_path / "library" / "Broken"
    folder.mkdir()
    for number in range(MOST_NOTICES + 7):
        (folder / f"{number}.mp3").write_bytes(b"x")
    release = prepare(folder)
    assert told(release, "unreadable") == []
    sentences = told(release, "audio_unreadable")
    assert len(sentences) == MOST_NOTICES + 1
    assert sentences[-1] == "7 more audio files cannot be read."
