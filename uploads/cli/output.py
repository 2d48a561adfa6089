"""How the command line speaks: progress bars, plain lines, or JSON lines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from common.figures import size_text
from common.redact import redact, redact_data

PHASES = {
    "scan": "Looking at the files",
    "read": "Reading tags and chapters",
    "enrich": "Asking for metadata",
    "hash": "Hashing",
    "draft": "Rendering for each tracker",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells for people, its facts for programs."""

    cells: list[str]
    facts: dict[str, Any] = field(default_factory=dict)


class Output(Protocol):
    """What the command has to say."""

    def say(self, text: str, **facts: Any) -> None:
        """One sentence; `facts` are for programs, `event` names what they are."""

    def progress(self, state: Mapping[str, Any]) -> None:
        """How far preparation is: a release's `progress`."""

    def table(self, title: str, columns: list[str], rows: list[Row]) -> None:
        """Rows for people, or their facts for programs."""

    def result(self, **facts: Any) -> None:
        """The last word, for programs."""


def visible(text: str) -> str:
    """Text that moves no cursor and turns no line round; secrets removed."""
    return "".join(
        char
        if char.isprintable() or char == "\n"
        else char.encode("unicode_escape").decode("ascii")
        for char in redact(text)
    )


class PlainOutput:
    """Lines that a log keeps well."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._phase = ""

    def say(self, text: str, **facts: Any) -> None:
        self._stream.write(visible(text) + "\n")
        self._stream.flush()

    def progress(self, state: Mapping[str, Any]) -> None:
        phase = state.get("phase", "")
        if phase and phase != self._phase:
            self._phase = phase
            self.say(f"{PHASES.get(phase, phase)}…")

    def table(self, title: str, columns: list[str], rows: list[Row]) -> None:
        self.say(title)
        for row in rows:
            cells = [cell.replace("\n", "; ") for cell in row.cells if cell]
            self.say("  " + "  ".join(cells))

    def result(self, **facts: Any) -> None:
        """People have read it all."""


class JsonOutput:
    """One JSON object a line, in ASCII; every line has "event"."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last: Mapping[str, Any] = {}

    def _line(self, facts: dict[str, Any]) -> None:
        self._stream.write(json.dumps(redact_data(facts)) + "\n")
        self._stream.flush()

    def say(self, text: str, **facts: Any) -> None:
        event = facts.pop("event", "message")
        self._line({"event": event, "message": text, **facts})

    def progress(self, state: Mapping[str, Any]) -> None:
        if state and state != self._last:
            self._last = dict(state)
            self._line({"event": "progress", **state})

    def table(self, title: str, columns: list[str], rows: list[Row]) -> None:
        for row in rows:
            self._line(row.facts)

    def result(self, **facts: Any) -> None:
        self._line({"event": "result", **facts})


class RichOutput:
    """A terminal: a progress bar and tables."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False)
        self._bar: Progress | None = None

    def say(self, text: str, **facts: Any) -> None:
        self._end_bar()
        self._console.print(Text(visible(text)))

    def progress(self, state: Mapping[str, Any]) -> None:
        phase = state.get("phase", "")
        if not phase:
            return
        if self._bar is None:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f} %"),
                TextColumn("{task.fields[amount]}"),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            self._bar.start()
            self._bar.add_task("", amount="")
        done, total = int(state.get("done", 0)), int(state.get("total", 0))
        self._bar.update(
            self._bar.task_ids[0],
            description=PHASES.get(phase, phase),
            completed=done,
            total=total or None,
            amount=_amount(phase, done, total, state.get("rate", 0)),
        )

    def table(self, title: str, columns: list[str], rows: list[Row]) -> None:
        self._end_bar()
        table = Table(title=Text(visible(title)), title_justify="left")
        for column in columns:
            table.add_column(column, overflow="fold")  # a link must stay whole
        for row in rows:
            table.add_row(*(Text(visible(cell)) for cell in row.cells))
        self._console.print(table)

    def result(self, **facts: Any) -> None:
        """People have read it all."""
        self._end_bar()

    def _end_bar(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _amount(phase: str, done: int, total: int, rate: float) -> str:
    if phase == "hash":
        speed = f", {size_text(int(rate))}/s" if rate else ""
        return f"{size_text(done)} of {size_text(total)}{speed}"
    return f"{done} of {total} files" if phase == "read" else ""


def output_for(stream: Any, *, as_json: bool) -> Output:
    """The way of speaking that fits: JSON if asked for, bars on a terminal."""
    if as_json:
        return JsonOutput(stream)
    if stream.isatty():
        return RichOutput(stream)
    return PlainOutput(stream)
