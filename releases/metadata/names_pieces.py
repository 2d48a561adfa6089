"""Pieces of file and folder names, recognised by what they are. Pure.

A piece is a bracketed group, or a part between " - ". Recognisers return None for
what is something else, so the grammar in `names` can try one after another.
"""

import re
import unicodedata

from releases.metadata.html import clean_characters

# Stand-ins for characters that some file systems do not allow.
_SUBSTITUTES = str.maketrans("：∶꞉？／⁄＂＜＞｜＊", ':::?//"<>|*')  # noqa: RUF001
_EXTENSION = re.compile(
    r"\.(?:m4b|m4a|mp3|mp4|aac|flac|ogg|oga|opus|wav|wma|aax|aaxc|mka|cue|torrent)$",
    re.IGNORECASE,
)
_NUMBER = r"(?:\d{1,3}(?:[.,]\d{1,2})?(?:\s*[-\u2013&]\s*\d{1,3}(?:[.,]\d{1,2})?)?)"
_ROMAN = r"(?:M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))"
_LABEL = r"(?:books?|vol(?:ume)?s?\.?|band|bd\.|teil|tome|livre|libro|part|bk\.?|no\.)"
_LABELLED = re.compile(
    rf"(?P<name>.*?)[\s,:;-]*(?:#\s*|\b{_LABEL}\s*)(?P<position>{_NUMBER}|(?-i:{_ROMAN}))",
    re.IGNORECASE,
)
_BARE_POSITION = re.compile(rf"(?P<name>.*?[^\s,]),?\s+(?P<position>{_NUMBER})")
_DOTTED = re.compile(rf"(?P<position>{_NUMBER})\.\s+(?P<title>\D.*)")
_LEADING = re.compile(
    rf"(?:{_LABEL}\s*|#)(?P<position>{_NUMBER})[.:,]?\s+(?P<title>\S.*)", re.IGNORECASE
)
_YEAR = re.compile(r"\(?((?:1[4-9]|20)\d{2})\)?")
_NARRATED = re.compile(
    r"(?:(?:read|narrated|performed)\s+by|narrator:?|gelesen\s+von|sprecher:?|"
    r"lu\s+par|narrado\s+por|letto\s+da)\s+(?P<names>\S.*)",
    re.IGNORECASE,
)
_ABRIDGEMENT = {
    "unabridged": "unabridged",
    "ungekürzt": "unabridged",
    "abridged": "abridged",
    "gekürzt": "abridged",
}
_NOISE = re.compile(
    r"(?:audio\s?books?|hörbuch|m4b|m4a|mp3|aac|flac|ogg|opus|aax|alac|vbr|cbr|abr|v[0-9]|"
    r"\d{2,3}\s?k(?:b(?:ps|its?)?|bit/s)?|\d{2}(?:\.\d)?\s?khz|mono|stereo|retail|web|"
    r"rip|webrip|cd|complete|chapterized|chapteri[sz]ed|with|chapters|and|lc|he-aac|"
    r"\d{1,3}\s?kbps|lame|xhe-aac|usac|nmr|english|eng|en|unabridged|abridged|"
    r"ungekürzt|gekürzt|[+&,./-])",
    re.IGNORECASE,
)
_DISC = re.compile(r"(?:cd|disc|disk|disque|part|pt)[ ._-]*\d{1,3}", re.IGNORECASE)
_SHELF_WORDS = """
    audiobooks audiobook audio books hörbücher downloads download complete completed
    done media library torrents seeding upload uploads share data misc unsorted
"""
_SHELVES = frozenset(_SHELF_WORDS.split())
_PARTICLE_WORDS = """
    van von der den de del della di da du la le ten ter zu bin ibn al el y e st
"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
# No name of a person begins with these, and only particles stand inside one.
_TITLE_WORDS = """
    the a an of and in on to for from with how why what who der die das ein eine le la
    les un une el los las my your his her our i is at by
"""
_NOT_NAMES = frozenset(_TITLE_WORDS.split())
_SUFFIX = re.compile(r"(?:jr|sr|ph\.?d|md)\.?|[iv]{2,3}", re.IGNORECASE)


def plain_name(name: str) -> str:
    """One path component as a person would have typed it.

    NFC, stand-ins undone, the audio file's extension gone; underscores and dots
    that were put for spaces are spaces again.
    """
    text = clean_characters(name).translate(_SUBSTITUTES)
    text = unicodedata.normalize("NFC", _EXTENSION.sub("", text))
    text = re.sub(r"(?<!\d)(\d{1,2})_(\d{1,2})_(\d{2,4})(?!\d)", r"\1/\2/\3", text)
    if " " not in text.strip():
        if "_" in text:
            text = re.sub(r"-(?!\d{1,3}(?!\d))", " - ", text).replace("_", " ")
        if text.count(".") >= 2 and " " not in text.strip():
            text = re.sub(r"(?<=[^\W_]{2})\.(?=\S)|(?<=-)\.|\.(?=-)", " ", text)
    text = re.sub(r"(?<=\w)_ ", ": ", text).replace("_", " ")
    return " ".join(text.split())


def year(text: str, latest: int) -> int | None:
    """A year from 1450 to `latest`, bare or in round brackets."""
    match = _YEAR.fullmatch(text.strip())
    found = int(match[1]) if match else 0
    return found if 1450 <= found <= latest else None


def abridgement(text: str) -> str | None:
    """ "unabridged" or "abridged" when a word says so."""
    for word in re.findall(r"\w+", text.lower()):
        if word in _ABRIDGEMENT:
            return _ABRIDGEMENT[word]
    return None


def is_noise(text: str) -> bool:
    """Whether every word is about the format and none about the book."""
    words = [word for word in re.split(r"[\s,;|/]+", text) if word]
    joined = _NOISE.fullmatch(" ".join(words))
    return bool(words) and (bool(joined) or all(_NOISE.fullmatch(w) for w in words))


def narrated(text: str) -> str | None:
    """The names behind "read by" or a like phrase that opens the text."""
    match = _NARRATED.fullmatch(text.strip())
    return match["names"] if match else None


def without_group(word: str) -> str:
    """A word about the format without the release group behind a dash."""
    head, dash, _ = word.rpartition("-")
    return head if dash and is_noise(head) else word


def split_narrated(text: str) -> tuple[str, str]:
    """A text and the names behind a "read by" inside it, "" when there is none."""
    match = re.search(rf"(?:^|[\s,(-]){_NARRATED.pattern}$", text, re.IGNORECASE)
    if not match or not match.start():
        return text, ""
    return text[: match.start()].rstrip(" ,-("), match["names"].rstrip(" )")


def labelled_series(text: str) -> tuple[str, str] | None:
    """Name (may be "") and position of "Series #1", "Book 2", "Vol. 3"."""
    match = _LABELLED.fullmatch(text.strip())
    if not match or not match["position"]:
        return None
    return match["name"].strip(" ,:;-"), position(match["position"])


def bracketed_series(text: str) -> tuple[str, str] | None:
    """As `labelled_series`, and "Series 01": in brackets a bare number will do."""
    return labelled_series(text) or numbered_name(text)


def leading_position(text: str) -> tuple[str, str] | None:
    """Position and title of "6. Title" or "Book 2: Title"; "101 Dalmatians" is one."""
    match = _DOTTED.fullmatch(text) or _LEADING.fullmatch(text)
    return (position(match["position"]), match["title"]) if match else None


def numbered_name(text: str) -> tuple[str, str] | None:
    """Name and position of "The Lord of the Rings 1"."""
    match = _BARE_POSITION.fullmatch(text)
    return (match["name"], position(match["position"])) if match else None


def bare_position(text: str) -> str | None:
    """The position when a part is nothing but a short number: "01", "1.5"."""
    return position(text) if re.fullmatch(_NUMBER, text.strip()) else None


def position(text: str) -> str:
    """A position as text, without leading zeros: "01" is "1", "1,5" is "1.5"."""
    text = re.sub(r"\s*[-\u2013&]\s*", "-", text.strip()).replace(",", ".")
    return re.sub(r"(?<![\d.])0+(?=\d)", "", text)


def is_disc(text: str) -> bool:
    """Whether a folder is one disc of a set: "CD1", "Disc 2"."""
    return bool(_DISC.fullmatch(text.strip()))


def is_shelf(text: str) -> bool:
    """Whether a folder only holds a collection: "Audiobooks", "downloads"."""
    return text.strip().lower() in _SHELVES


def looks_like_person(text: str) -> bool:
    """Whether a text could be the name of one person or of several.

    Two to four capitalised words or initials, perhaps with particles, no article.
    """
    names = people(text)
    return bool(names) and all(_one_person(name) for name in names)


def people(text: str) -> list[str]:
    """Names in a list such as "A B & C D", "Last, First" or "A B, C D"."""
    names: list[str] = []
    for group in re.split(r"\s*(?:;|&|\+|\s(?:and|und|et)\s)\s*", text):
        names += _comma_names(group)
    return [name for name in names if any(char.isalnum() for char in name)]


def _comma_names(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 2 and all(parts):
        last, first = parts
        if _SUFFIX.fullmatch(first):
            return [f"{last}, {first}"]
        words = [word for word in last.split() if word.lower() not in _PARTICLES]
        if len(words) == 1 and len(first.split()) <= 3:
            return [f"{first} {last}"]
    return parts


def _one_person(name: str) -> bool:
    head, _, suffix = name.partition(", ")
    words = head.split() if _SUFFIX.fullmatch(suffix) else name.split()
    if not 2 <= len(words) <= 5 or any(char.isdigit() for char in name):
        return False
    if any(word.lower() in _NOT_NAMES - _PARTICLES for word in words):
        return False
    if words[0].lower() in _NOT_NAMES:
        return False
    return all(word[0].isupper() or word.lower() in _PARTICLES for word in words)
