"""What is counted of a tracker, a week, a person …, and the rates that follow."""

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(kw_only=True)
class Counts:
    """What was counted of one thing, such as a tracker or a week."""

    succeeded: int = 0
    failed: int = 0
    put_off: int = 0
    unknown: int = 0
    firsts: int = 0
    first_succeeded: int = 0
    second_succeeded: int = 0
    third_succeeded: int = 0
    found: int = 0
    sent_again: int = 0
    asked: int = 0
    published: int = 0

    @property
    def attempts(self) -> int:
        """Attempts that ended."""
        return self.succeeded + self.failed + self.put_off + self.unknown

    @property
    def success_rate(self) -> float | None:
        """Of the attempts that were decided, the share that succeeded; 0 to 1."""
        return _share(self.succeeded, self.succeeded + self.failed)

    @property
    def first_try_rate(self) -> float | None:
        """Of the first attempts, the share that succeeded; 0 to 1."""
        return _share(self.first_succeeded, self.firsts)

    @property
    def later_succeeded(self) -> int:
        """Successes of a fourth or later attempt."""
        known = self.first_succeeded + self.second_succeeded + self.third_succeeded
        return self.succeeded - known

    @property
    def settled(self) -> int:
        """Unknown outcomes that came to an end."""
        return self.found + self.sent_again + self.asked

    @property
    def settled_rate(self) -> float | None:
        """Of the unknown outcomes that ended, the share settled without a person."""
        return _share(self.found + self.sent_again, self.settled)

    def add(self, many: Mapping[str, int]) -> None:
        """Count in so many of each."""
        for name, number in many.items():
            setattr(self, name, getattr(self, name) + number)


def _share(part: int, whole: int) -> float | None:
    """Four digits after the point; None of nothing."""
    return round(part / whole, 4) if whole else None


COUNTS = tuple(one.name for one in fields(Counts))
