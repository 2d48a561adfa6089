"""How the command line speaks: progress bars, plain lines, or JSON lines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TextIO, cast

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from common.figures import size_text
from common.redact import redact, redact_data
from uploads.cli.views import STAGES, UploadView

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

    def track(self, upload: UploadView, text: str) -> None:
        """An upload is at another stage, which `text` tells as a line."""

    def table(self, title: str, columns: list[str], rows: list[Row]) -> None:
        """Rows for people, or their facts for programs."""

    def result(self, **facts: Any) -> None:
        """The last word, for programs."""

    def close(self) -> None:
        """Leave the terminal as it was."""


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

    def track(self, upload: UploadView, text: str) -> None:
        self.say(text)

    def table(self, title: str, columns: list[str], rows: list[Row]) -> None:
        self.say(title)
        for row in rows:
            cells = [cell.replace("\n", "; ") for cell in row.cells if cell]
            self.say("  " + "  ".join(cells))

    def result(self, **facts: Any) -> None:
        """People have read it all."""

    def close(self) -> None:
        """Lines need no end."""


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

    def track(self, upload: UploadView, text: str) -> None:
        self.say(text, event="upload", **upload.facts)

    def table(self, title: str, columns: list[str], rows: list[Row]) -> None:
        for row in rows:
            self._line(row.facts)

    def result(self, **facts: Any) -> None:
        self._line({"event": "result", **facts})

    def close(self) -> None:
        """Lines need no end."""


class RichOutput:
    """A terminal: a progress bar for each thing that goes on, and tables."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False)
        self._bar: Progress | None = None
        # Upload → its bar; they stay while lines are said above them.
        self._tracked: dict[int, TaskID] = {}

    def say(self, text: str, **facts: Any) -> None:
        if not self._tracked:
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

    def track(self, upload: UploadView, text: str) -> None:
        if not self._tracked:
            self._end_bar()
            self._bar = Progress(
                TextColumn("{task.fields[name]}", markup=False),
                BarColumn(bar_width=20),
                TextColumn("{task.fields[said]}", markup=False),
                console=self._console,
                transient=True,
            )
            self._bar.start()
        bar = cast(Progress, self._bar)
        if upload.id not in self._tracked:
            name = visible(f"{upload.tracker}  {upload.release_title}")
            self._tracked[upload.id] = bar.add_task(
                "", total=STAGES, name=name, said=""
            )
        words = [upload.status_words]
        if upload.seeding_words:
            words.append(f"seeding: {upload.seeding_words.lower()}")
        words.append(upload.why)
        said = visible(" · ".join(word for word in words if word))
        bar.update(self._tracked[upload.id], completed=upload.stage, said=said)

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

    def close(self) -> None:
        self._end_bar()

    def _end_bar(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
            self._tracked = {}


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
