"""The kinds of release that trackers and templates can be for. Pure."""

KINDS: tuple[tuple[str, str], ...] = (
    ("audiobook", "Audiobook"),
    ("music", "Music"),
    ("tv", "TV"),
    ("film", "Film"),
    ("other", "Other"),
)
KIND_NAMES = dict(KINDS)
