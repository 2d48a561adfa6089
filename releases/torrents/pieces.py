"""Which piece length suits how many bytes. Pure."""

from dataclasses import dataclass

from releases.torrents.errors import InvalidPieceLength

KIB = 1024
MIB = 1024 * KIB

SMALLEST_PIECE = 16 * KIB
LARGEST_PIECE = 128 * MIB  # what clients accept; sites ask for much less

# Clients transfer 16 KiB blocks and sites bound the torrent's own size, so a torrent
# is best cut into one to two thousand pieces, between these lengths.
USUAL_LARGEST_PIECE = 16 * MIB
USUAL_MOST_PIECES = 2048


def check_piece_length(piece_length: int) -> int:
    """`piece_length` in bytes itself, if clients accept it.

    Raises InvalidPieceLength unless it is a power of two from 16 KiB to 128 MiB.
    """
    if (
        not SMALLEST_PIECE <= piece_length <= LARGEST_PIECE
        or piece_length & (piece_length - 1) != 0
    ):
        raise InvalidPieceLength(
            f"A piece length of {piece_length} bytes cannot be used: it must be a "
            "power of two from 16 KiB to 128 MiB. Choose another, or leave it "
            "automatic.",
            extra={"piece_length": piece_length},
        )
    return piece_length


def piece_count(total_size: int, piece_length: int) -> int:
    """How many pieces `total_size` bytes make; the last one may be short."""
    return -(-total_size // piece_length)


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceRule:
    """How a tracker wants its pieces; the defaults are what suits any.

    `min` and `max` bound the piece length, in bytes. `table` has rows of (largest
    content in bytes or None for no bound, piece length), ascending; the first row
    with room decides. Where none does, the piece length is the smallest that makes
    no more than `target` pieces.
    Raises InvalidPieceLength for a rule that contradicts itself.
    """

    min: int = SMALLEST_PIECE
    max: int = USUAL_LARGEST_PIECE
    table: tuple[tuple[int | None, int], ...] = ()
    target: int = USUAL_MOST_PIECES

    def __post_init__(self) -> None:
        check_piece_length(self.min)
        check_piece_length(self.max)
        if self.min > self.max:
            raise InvalidPieceLength(
                f"The smallest piece length ({self.min}) of the rule is above "
                f"its largest ({self.max}). Exchange them."
            )
        if self.target < 1:
            raise InvalidPieceLength(
                f"The rule allows {self.target} pieces. Allow at least one."
            )
        previous = -1
        for position, (content, length) in enumerate(self.table):
            check_piece_length(length)
            last = position == len(self.table) - 1
            if content is None and last:
                break
            if content is None or content <= previous:
                raise InvalidPieceLength(
                    f"Row {position + 1} of the piece length table is out of order. "
                    "Sort the rows by content size; only the last may be unbounded."
                )
            previous = content


def choose_piece_length(total_size: int, rule: PieceRule | None = None) -> int:
    """The piece length in bytes for content of `total_size` bytes under `rule`.

    Always a power of two within the rule's bounds.
    """
    rule = rule or PieceRule()
    for content, length in rule.table:
        if content is None or total_size <= content:
            return min(max(length, rule.min), rule.max)
    length = rule.min
    while length < rule.max and piece_count(total_size, length) > rule.target:
        length *= 2
    return length
