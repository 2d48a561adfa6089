"""What a person at the terminal is asked."""

import sys
from collections.abc import Iterator, Sequence

from releases.metadata.vocabulary import VOCABULARY, FieldSpec, Kind
from uploads.cli.output import Output
from uploads.cli.views import TrackerView, UploadView

# Form fields that a template makes from metadata of another name.
MADE_FROM = {"description": "description_html", "image": "cover_url"}
ONE_LINE = (Kind.LINE, Kind.TEXT, Kind.HTML, Kind.URL, Kind.YEAR, Kind.DATE)
LISTS = (Kind.LINES, Kind.PEOPLE)


class Person:
    """Who sits at the terminal, if anybody does; `out` shows the questions.

    A program reads no questions (`as_json`), apart from the last one.
    """

    def __init__(self, out: Output, *, as_json: bool) -> None:
        self._out = out
        self._as_json = as_json

    @property
    def is_there(self) -> bool:
        """Whether somebody can answer."""
        return sys.stdin.isatty()

    @property
    def helps(self) -> bool:
        """Whether somebody can answer more than yes or no."""
        return self.is_there and not self._as_json

    def agrees(self, question: str) -> bool:
        """Yes or no; no where nobody is there."""
        if not self.is_there:
            return False
        return self._ask(f"{question} [y/N]").lower() in ("y", "yes")

    def trackers(self, there: Sequence[TrackerView]) -> list[str]:
        """Which trackers, as slugs; all of them is none in particular."""
        if len(there) < 2:
            return []
        self._out.say("Trackers:")
        for number, tracker in enumerate(there, 1):
            self._out.say(f"  {number}. {tracker.slug}  {tracker.name}")
        while True:
            answer = self._ask("Which ones, by number or name? [all]")
            words = answer.replace(",", " ").split()
            chosen = [_chosen(word, there) for word in words]
            if None not in chosen:
                return list(dict.fromkeys(slug for slug in chosen if slug))
            self._out.say("That is not on the list. Try again.")

    def fields(self, drafts: Sequence[UploadView]) -> dict[str, object]:
        """Metadata that may solve the drafts' errors, as far as it was given."""
        given: dict[str, object] = {}
        for spec, said in _missing(drafts):
            self._out.say(said)
            hint = ", separated by semicolons" if spec.many else ""
            answer = self._ask(f"{spec.title}{hint} [leave it]:")
            if answer:
                given[spec.name] = _value(spec, answer)
        return given

    def _ask(self, question: str) -> str:
        self._out.say(question, event="question")
        return sys.stdin.readline().strip()


def _chosen(word: str, there: Sequence[TrackerView]) -> str | None:
    if word.isdecimal() and 0 < int(word) <= len(there):
        return there[int(word) - 1].slug
    return word if word in {tracker.slug for tracker in there} else None


def _missing(drafts: Sequence[UploadView]) -> Iterator[tuple[FieldSpec, str]]:
    """Fields that can be typed in, each once, with the trackers' complaints."""
    said: dict[str, list[str]] = {}
    for draft in drafts:
        for problem in draft.problems:
            name = MADE_FROM.get(problem["field"], problem["field"])
            spec = VOCABULARY.get(name)
            if spec is None or not spec.editable or problem["severity"] != "error":
                continue
            if spec.kind in (*ONE_LINE, *LISTS):
                said.setdefault(name, []).append(
                    f"{draft.tracker}: {problem['message']}"
                )
    for name, sentences in said.items():
        yield VOCABULARY[name], "\n".join(dict.fromkeys(sentences))


def _value(spec: FieldSpec, text: str) -> object:
    """What was typed, in the field's shape; the server checks it."""
    if spec.many:
        items = [item.strip() for item in text.split(";") if item.strip()]
        if spec.kind == Kind.PEOPLE:
            return [{"name": item} for item in items]
        return items
    if spec.kind == Kind.YEAR and text.isdecimal():
        return int(text)
    return text
