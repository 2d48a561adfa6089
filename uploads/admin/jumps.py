"""From a problem to the place where a person can do something about it."""

from collections.abc import Mapping

from releases.metadata.vocabulary import VOCABULARY

# Fields of templates and forms, and the field of the metadata they are made from.
MADE_FROM: Mapping[str, str] = {
    "album_desc": "description_html",
    "artists": "authors",
    "artists[]": "authors",
    "bitrate": "audio",
    "catalogue_number": "asin",
    "desc": "description_html",
    "description": "description_html",
    "format": "audio",
    "image": "cover_url",
    "media": "audio",
    "mediainfo": "audio",
    "name": "title",
    "other_bitrate": "audio",
    "record_label": "publisher",
    "release_description": "description_html",
    "remaster_record_label": "publisher",
    "remaster_year": "year",
}
ELSEWHERE: Mapping[str, str] = {"files": "files", "torrent": "files"}


def jump(field: str) -> str:
    """The anchor on the review page of what a problem's field is made from; "" if none.

    "image" is "field-cover_url", "year" is "field-year", "torrent" is "files".
    """
    if field in ELSEWHERE:
        return ELSEWHERE[field]
    name = field if field in VOCABULARY else MADE_FROM.get(field, "")
    return f"field-{name}" if name else ""
