"""Liquid with our limits and filters. Runs inside the child only."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from liquid import Environment
from liquid.builtin.loaders.dict_loader import DictLoader
from liquid.exceptions import (
    BlockNestingError,
    ContextDepthError,
    LiquidError,
    LocalNamespaceLimitError,
    LoopIterationLimitError,
    OutputStreamLimitError,
    TemplateNotFoundError,
    UnknownFilterError,
)
from liquid.undefined import Undefined

from trackers.rendering import filters
from trackers.rendering.types import Limits

# A part is not a field of its own: other fields pull it in by this name.
PART_PREFIX = "_"

# `date` knows "now", so that two renderings would differ; the others make HTML or
# JavaScript safe, and no site takes those.
_DROPPED_FILTERS = (
    "base64_decode", "base64_encode", "base64_url_safe_decode",
    "base64_url_safe_encode", "date", "escape", "escape_once", "escapejs",
    "newline_to_br", "safe",
)  # fmt: skip
_DROPPED_TAGS = ("tablerow",)
# What every Liquid template knows by itself; as `date`.
_DROPPED_NAMES = ("now", "today")

_LIMIT_SENTENCES: dict[type[Exception], str] = {
    LoopIterationLimitError: (
        "The loops run more than {limits.loop_iterations:,} times; loop over less."
    ),
    OutputStreamLimitError: (
        "The template writes more than {limits.output_bytes:,} bytes; shorten it."
    ),
    LocalNamespaceLimitError: (
        "The variables hold more than {limits.variable_bytes:,} bytes; assign and "
        "capture less."
    ),
    ContextDepthError: "The parts call each other too deeply; does one call itself?",
    BlockNestingError: "The template is nested too deeply; make it flatter.",
    RecursionError: "The template is nested too deeply; make it flatter.",
    MemoryError: (
        "The template needs more than {limits.memory_mb} MiB of memory; simplify its "
        "loops and filters."
    ),
}
# Controls, and the marks that make text read in another order than it is written.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


@dataclass(slots=True)
class Failure:
    """A RenderError as the child reports it; `name` is the field's."""

    name: str
    line: int
    message: str
    layout: str = ""


@dataclass(slots=True)
class Rendered:
    """One field: `text` is None when `failures` say why there is none."""

    name: str
    text: str | None = None
    failures: list[Failure] = field(default_factory=list)
    undefined: list[str] = field(default_factory=list)


class Engine:
    """The environment for one template: its parts, and what is left of its limits."""

    def __init__(
        self,
        fields: Mapping[str, str],
        layouts: Mapping[str, str],
        limits: Limits,
        tag_names: list[str],
    ) -> None:
        self.fields = fields
        self.limits = limits
        self.missing: list[str] = []
        self.output_left = limits.output_bytes
        parts = {n: s for n, s in fields.items() if n.startswith(PART_PREFIX)}
        self.parts = {**layouts, **parts}
        self.environment = self._environment(tag_names)

    def _environment(self, tag_names: list[str]) -> Environment:
        limits = self.limits

        class LimitedEnvironment(Environment):
            loop_iteration_limit = limits.loop_iterations
            local_namespace_limit = limits.variable_bytes
            output_stream_limit = limits.output_bytes
            block_nesting_limit = limits.block_depth
            context_depth_limit = 20

        environment = LimitedEnvironment(
            loader=DictLoader(dict(self.parts)), undefined=_recorder(self.missing)
        )
        for name in _DROPPED_FILTERS:
            environment.filters.pop(name)
        for name in _DROPPED_TAGS:
            environment.tags.pop(name)
        environment.add_filter("bbcode_escape", filters.bbcode_escaper(tag_names))
        for own in (
            filters.join_names, filters.truncate_bytes, filters.tagify, filters.clock,
            filters.image_url, filters.align_right, filters.concat,
        ):  # fmt: skip
            environment.add_filter(own.__name__, own)
        return environment

    def names(self) -> list[str]:
        """The fields to render, in the template's order; parts are not among them."""
        return [name for name in self.fields if not name.startswith(PART_PREFIX)]

    def render(self, name: str, context: Mapping[str, Any]) -> Rendered:
        """Render one field. Whatever goes wrong is told, never raised."""
        self.missing.clear()
        type(self.environment).output_stream_limit = max(self.output_left, 1)
        try:
            template = self.environment.from_string(self.fields[name])
            # The context comes before Liquid's own names, so that these hide them.
            unknown = {n: self.environment.undefined(n) for n in _DROPPED_NAMES}
            text = _tidy(template.render({**unknown, **context}))
        except Exception as error:  # noqa: BLE001 - a library fed by strangers
            return Rendered(name, failures=[self._failure(name, error)])
        self.output_left -= len(text.encode())
        return Rendered(name, text, undefined=list(dict.fromkeys(self.missing)))

    def check(self, name: str) -> Rendered:
        """Parse one field or part and look for filters and parts that are not there."""
        failures: list[Failure] = []
        try:
            template = self.environment.from_string(self.fields[name])
            found = template.analyze(include_partials=False)
            for filter_name, spans in found.filters.items():
                if filter_name not in self.environment.filters:
                    line = _line(self.fields[name], spans[0].index)
                    failures.append(
                        Failure(name, line, self._unknown_filter(filter_name))
                    )
            template.analyze(include_partials=True)
        except Exception as error:  # noqa: BLE001 - a library fed by strangers
            failures.append(self._failure(name, error))
        return Rendered(name, failures=failures)

    def _failure(self, name: str, error: Exception) -> Failure:
        token = error.token if isinstance(error, LiquidError) else None
        if token is None or token.start_index < 0:
            return Failure(name, 0, self._sentence(error))
        line = _line(token.source, token.start_index)
        layout = self._part_of(token.source, name)
        return Failure(name, line, self._sentence(error), layout)

    def _part_of(self, source: str, name: str) -> str:
        if source == self.fields[name]:
            return ""
        return next((n for n, text in self.parts.items() if text == source), "")

    def _sentence(self, error: Exception) -> str:
        for kind, sentence in _LIMIT_SENTENCES.items():
            if isinstance(error, kind):
                return sentence.format(limits=self.limits)
        match error:
            case TemplateNotFoundError():
                return self._unknown_part(str(error.args[0]))
            case UnknownFilterError():
                return self._unknown_filter(str(error.message).split("'")[1])
            case LiquidError() if isinstance(error.__cause__, RecursionError):
                return _LIMIT_SENTENCES[RecursionError]
            case LiquidError():
                return _capitalised(str(error.message))
            case _:
                return f"This cannot be calculated ({type(error).__name__}: {error})."

    def _unknown_filter(self, name: str) -> str:
        close = get_close_matches(name, self.environment.filters, n=1)
        hint = f" Did you mean “{close[0]}”?" if close else ""
        return f"There is no filter “{name}”.{hint} docs/templates.md lists them."

    def _unknown_part(self, name: str) -> str:
        known = ", ".join(sorted(self.parts)) or "none"
        return f"There is no part “{name}” in this template. Its parts: {known}."


def _recorder(missing: list[str]) -> type[Undefined]:
    """An undefined value that is empty, and notes its name when it is printed.

    Testing, looping over or defaulting a name without a value is no oversight.
    """

    class Recorder(Undefined):
        def __str__(self) -> str:
            missing.append(_path(self))
            return ""

    return Recorder


def _path(undefined: Undefined) -> str:
    if undefined.hint and undefined.hint.endswith(" is undefined"):
        return undefined.hint.removesuffix(" is undefined").strip("'")
    return str(undefined.name)


def _tidy(text: str) -> str:
    """Line breaks as LF, no control characters, at most one blank line in a row."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _BLANK_LINES.sub("\n\n", _CONTROLS.sub("", lines)).strip()


def _line(source: str, index: int) -> int:
    return source.count("\n", 0, index) + 1


def _capitalised(message: str) -> str:
    text = message[:300].strip()
    sentence = text[:1].upper() + text[1:]
    return sentence if sentence.endswith((".", "?", "!")) else sentence + "."


def iterate(
    engine: Engine, context: Mapping[str, Any], *, check: bool
) -> Iterator[tuple[str, Rendered | None]]:
    """(name, None) before each field and (name, its result) after it."""
    for name in engine.fields if check else engine.names():
        yield name, None
        yield name, engine.check(name) if check else engine.render(name, context)
