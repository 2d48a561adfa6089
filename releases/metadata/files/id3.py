"""Reads ID3 tags: text, comments, pictures; chapters by `id3_chapters`."""

from . import limits
from .found import Mark, Picture, Source, TagBag
from .id3_chapters import chapter_marks
from .id3_frames import HEAD, Frame, decode_text, decode_values, read_head, split_tag
from .id3_genres import expand_genres

_ID3V1_SIZE = 128
_MAX_TAGS = 4  # some players put several tags before each other


def tags_end(source: Source) -> int:
    """Where the ID3v2 tags at the start of a file end; 0 when it has none."""
    offset = 0
    for _ in range(_MAX_TAGS):
        head = read_head(source.read_at(offset, HEAD))
        if head is None:
            break
        offset += head.size
    return offset


def read_id3(source: Source, offset: int = 0) -> tuple[TagBag | None, list[Mark]]:
    """The tag at `offset` and its chapters, else ID3v1; None without either."""
    head = read_head(source.read_at(offset, HEAD))
    if head is None:
        return _read_id3v1(source), []
    frames = split_tag(source, offset, head)
    bag = TagBag(style="id3", version=f"ID3v2.{head.version}")
    for frame in frames[: limits.TAG_VALUES]:
        _add(frame, bag)
    _join_date(bag)
    return bag, chapter_marks(frames, head.version)


def _join_date(bag: TagBag) -> None:
    """Version 2.3 keeps day and month ("3004") apart from the year."""
    year, day = bag.first("TDRC"), bag.first("TDAT")
    if len(year) == 4 and len(day) == 4 and day.isdecimal():
        bag.texts["TDRC"] = [f"{year}-{day[2:]}-{day[:2]}"]


def _add(frame: Frame, bag: TagBag) -> None:
    """Put one frame into the bag, under "TXXX:NAME" where it names itself."""
    name, content = frame.name, frame.content
    if name == "APIC":
        _add_picture(frame, bag)
    elif name in ("TXXX", "COMM", "USLT"):
        label, values = _labelled(content, skip=1 if name == "TXXX" else 4)
        if name == "TXXX" or label:
            name = f"{name}:{label.strip().upper()}"
        bag.texts.setdefault(name, []).extend(values)
    elif name.startswith("T") or name in ("MVNM", "MVIN"):
        values = decode_values(content)
        if name == "TCON":
            values = [genre for value in values for genre in expand_genres(value)]
        bag.texts.setdefault(name, []).extend(values)
    elif name.startswith("W") and name != "WXXX":
        url = content[: limits.TEXT_CHARS].decode("latin-1").rstrip("\0")
        bag.texts.setdefault(name, []).append(url)


def _split(encoding: int, content: bytes) -> tuple[bytes, bytes]:
    """Cut at the first terminator, which has two bytes in UTF-16."""
    if encoding not in (1, 2):
        first, _, rest = content.partition(b"\0")
        return first, rest
    end = content.find(b"\0\0")
    while end % 2 and end != -1:
        end = content.find(b"\0\0", end + 1)
    return (content, b"") if end == -1 else (content[:end], content[end + 2 :])


def _labelled(content: bytes, skip: int) -> tuple[str, list[str]]:
    """Label and values of a frame that carries a description before its text."""
    if len(content) < skip + 1:
        return "", []
    encoding = content[0]
    label, rest = _split(encoding, content[skip:][: 8 * limits.TEXT_CHARS])
    return decode_text(encoding, label), decode_values(bytes([encoding]) + rest)


def _add_picture(frame: Frame, bag: TagBag) -> None:
    content = frame.content
    if len(content) < 6 or len(bag.pictures) >= limits.PICTURES:
        return
    if frame.old_picture:
        kind, rest = content[4], content[5:]
    else:
        _, rest = _split(0, content[1:])
        kind, rest = (rest[0], rest[1:]) if rest else (0, b"")
    _, picture = _split(content[0], rest)
    if 0 < len(picture) <= limits.PICTURE_BYTES:
        bag.pictures.append(Picture(content=picture, kind=kind))


def _read_id3v1(source: Source) -> TagBag | None:
    """The 128 bytes that old programs put at the end of the file."""
    content = source.read_at(source.size - _ID3V1_SIZE, _ID3V1_SIZE)
    if len(content) < _ID3V1_SIZE or content[:3] != b"TAG":
        return None
    bag = TagBag(style="id3", version="ID3v1")
    for name, start, end in (
        ("TIT2", 3, 33),
        ("TPE1", 33, 63),
        ("TALB", 63, 93),
        ("TDRC", 93, 97),
        ("COMM", 97, 125),
    ):
        value = content[start:end].split(b"\0")[0].decode("latin-1").strip()
        if value:
            bag.texts[name] = [value]
    if not content[125] and content[126]:
        bag.texts["TRCK"] = [str(content[126])]
    if genres := expand_genres(str(content[127])):
        bag.texts["TCON"] = genres
    return bag
