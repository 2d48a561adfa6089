"""Sizes, numbers of files and times as people read them."""

from django.utils.translation import ngettext

UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def size_text(size: int) -> str:
    """Bytes for people: 1536 → "1.5 KiB"."""
    value = float(size)
    for unit in UNITS[:-1]:
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} {UNITS[-1]}"


def files_text(count: int) -> str:
    """How many files: "1 file", "12 files"."""
    return ngettext("%(n)d file", "%(n)d files", count) % {"n": count}


def clock(ms: int) -> str:
    """Milliseconds as 1:02:03 or 2:03."""
    seconds = round(ms / 1000)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    if hours:
        return f"{hours}:{minutes:02}:{seconds:02}"
    return f"{minutes}:{seconds:02}"
