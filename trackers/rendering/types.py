"""What goes into and comes out of a rendering. No Django, no Liquid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one template (all its fields together) may use.

    `seconds` is wall clock, `cpu_seconds` processor time; `memory_mb` (MiB) is the
    child's whole address space; `source_bytes` covers fields and layouts,
    `context_bytes` the context as JSON, `output_bytes` all fields; `loop_iterations`
    the product of nested loops, `variable_bytes` what assign and capture may hold.
    `start_seconds` is how long the child may take to be ready, on a busy machine.
    """

    seconds: float = 2.0
    cpu_seconds: int = 2
    memory_mb: int = 256
    fields: int = 60
    source_bytes: int = 200_000
    context_bytes: int = 4_000_000
    output_bytes: int = 1_000_000
    loop_iterations: int = 100_000
    variable_bytes: int = 2_000_000
    block_depth: int = 30
    start_seconds: float = 30.0


DEFAULT = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderError:
    """Why a field could not be rendered. `line` counts from 1; 0 is the whole field.

    `field` is "" when the template as a whole was refused; `layout` is set when the
    fault is in a part that the field renders, and `line` is then a line of that part.
    """

    field: str
    line: int
    message: str
    layout: str = ""

    def __str__(self) -> str:
        place = self.field or "template"
        if self.layout:
            place += f", in part “{self.layout}”"
        if self.line:
            place += f", line {self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One template to render: field name → Liquid source, and its context.

    `context` is JSON: dict, list, str, int, float, bool. `layouts` are parts that a
    field can pull in by name, as are the template's own fields that begin with "_".
    """

    fields: Mapping[str, str]
    context: Mapping[str, Any]
    layouts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderResult:
    """Rendered fields by name; a field with an error is missing from `fields`.

    `undefined` maps a field to the names it printed that have no value: printed as
    nothing, which is often right, and worth showing to the template's author.
    """

    fields: dict[str, str]
    errors: list[RenderError]
    undefined: dict[str, tuple[str, ...]]

    @property
    def ok(self) -> bool:
        """Whether every field was rendered."""
        return not self.errors
