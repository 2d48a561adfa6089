"""How much of a file's claims is believed. Real audiobooks stay far below all of it."""

from typing import Final

MIB: Final = 1024 * 1024

TAG_BYTES: Final = 48 * MIB  # one ID3 tag, FLAC's blocks, Ogg's headers, MP4's ilst
TEXT_CHARS: Final = 64 * 1024  # one text value
RAW_CHARS: Final = 256 * 1024  # of all text values of one file that is kept as read
TAG_VALUES: Final = 2_000  # text values of one file
PICTURE_BYTES: Final = 10 * MIB
PICTURE_PIXELS: Final = 50_000_000
PICTURES: Final = 16  # looked at in one file
CHAPTERS: Final = 5_000
TITLE_BYTES: Final = 4_096
BOXES: Final = 20_000  # children of one MP4 box
TABLE_BYTES: Final = 64 * MIB  # one MP4 sample table
FRAMES: Final = 20_000  # frames of one ID3 tag
CUE_BYTES: Final = MIB
WALK_BYTES: Final = 4 * 1024 * MIB  # of an MP3 whose frames must be counted
