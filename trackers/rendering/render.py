"""Render templates, and check their syntax, without trusting them or their context.

The context is data and stays data: a value that contains Liquid is printed, never
run. What it means in the site's own markup is the template's business: pass every
value that came from outside through `bbcode_escape`.
"""

import json
import signal
from collections.abc import Mapping, Sequence
from typing import Any

from trackers.rendering.process import Outcome, Run, run_child
from trackers.rendering.types import DEFAULT, Job, Limits, RenderError, RenderResult

__all__ = ["RenderingBroken", "check_source", "render", "render_many"]


class RenderingBroken(RuntimeError):
    """The child process cannot work on this machine; no template is at fault."""


def render(
    fields: Mapping[str, str],
    context: Mapping[str, Any],
    *,
    layouts: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT,
) -> RenderResult:
    """Render one template. See Job for the arguments and render_many for errors."""
    job = Job(fields=fields, context=context, layouts=layouts or {})
    return render_many([job], limits=limits)[0]


def render_many(jobs: Sequence[Job], *, limits: Limits = DEFAULT) -> list[RenderResult]:
    """Render several templates in one child process, a result per job, in order.

    What is wrong with a template is in its result and touches no other job. Raises
    TypeError or ValueError for a context that is not JSON, and RenderingBroken when
    the child does not start.
    """
    return _run(jobs, limits, check=False)


def check_source(
    fields: Mapping[str, str],
    *,
    layouts: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT,
) -> list[RenderError]:
    """Parse every field and part: errors of syntax, and filters or parts not there."""
    job = Job(fields=fields, context={}, layouts=layouts or {})
    return _run([job], limits, check=True)[0].errors


def _run(jobs: Sequence[Job], limits: Limits, *, check: bool) -> list[RenderResult]:
    results: dict[int, RenderResult] = {}
    waiting: list[tuple[int, bytes]] = []
    for number, job in enumerate(jobs):
        refusal = _refusal(job, limits)
        content = b"" if refusal else _as_json(job)
        if len(content) > limits.context_bytes + limits.source_bytes:
            refusal = (
                f"The metadata of this release is {len(content):,} bytes as JSON, more "
                f"than the {limits.context_bytes:,} a template may get; shorten its "
                "texts or its lists of chapters and files."
            )
        if refusal:
            error = RenderError(field="", line=0, message=refusal)
            results[number] = RenderResult(fields={}, errors=[error], undefined={})
        else:
            waiting.append((number, content))
    while waiting:
        run = run_child([line for _, line in waiting], limits=limits, check=check)
        if not run.outcomes:
            raise RenderingBroken(
                "The process that renders templates did not start (exit code "
                f"{run.exit_code}, timed out: {run.timed_out}). Check that this machine "
                f"has {limits.memory_mb} MiB of free memory, and see docs/templates.md."
            )
        for (number, _), outcome in zip(waiting, run.outcomes, strict=False):
            results[number] = _result(jobs[number], outcome, run, limits)
        # The job that killed its child is told so; the ones behind it start again.
        waiting = waiting[len(run.outcomes) :]
    return [results[number] for number in range(len(jobs))]


def _refusal(job: Job, limits: Limits) -> str:
    """What keeps a job from being tried at all, or ""."""
    if len(job.fields) > limits.fields:
        return f"A template has at most {limits.fields} fields; this has {len(job.fields)}."
    sources = [*job.fields.values(), *job.layouts.values()]
    size = sum(len(source.encode("utf-8", "replace")) for source in sources)
    if size > limits.source_bytes:
        return (
            f"The template and its layout are {size:,} bytes long; "
            f"{limits.source_bytes:,} are allowed. Shorten it."
        )
    return ""


def _as_json(job: Job) -> bytes:
    content = json.dumps(
        {
            "fields": dict(job.fields),
            "layouts": dict(job.layouts),
            "context": dict(job.context),
        },
        ensure_ascii=False,
        allow_nan=False,
    )
    # File names may hold bytes that are no text; they print as question marks.
    return content.encode("utf-8", "replace")


def _result(job: Job, outcome: Outcome, run: Run, limits: Limits) -> RenderResult:
    fields: dict[str, str] = {}
    errors: list[RenderError] = []
    undefined: dict[str, tuple[str, ...]] = {}
    for done in outcome.done:
        errors.extend(
            RenderError(
                field=failure["name"],
                line=failure["line"],
                message=failure["message"],
                layout=failure["layout"],
            )
            for failure in done["failures"]
        )
        if done["text"] is not None:
            fields[done["name"]] = done["text"]
        if done["undefined"]:
            undefined[done["name"]] = tuple(done["undefined"])
    if not outcome.ended:
        reason = _cause_of_death(run, limits)
        errors.append(RenderError(field=outcome.current, line=0, message=reason))
        seen = {done["name"] for done in outcome.done} | {outcome.current}
        errors.extend(
            RenderError(
                field=name, line=0, message="Not rendered, because of the above."
            )
            for name in job.fields
            if name not in seen and not name.startswith("_")
        )
    return RenderResult(fields=fields, errors=errors, undefined=undefined)


def _cause_of_death(run: Run, limits: Limits) -> str:
    if run.timed_out or -run.exit_code in {signal.SIGALRM, signal.SIGXCPU}:
        return (
            f"The template ran longer than {limits.seconds:g} seconds; simplify its "
            "loops and filters."
        )
    return (
        f"The template needs more than {limits.memory_mb} MiB of memory, or ended its "
        "process in another way; simplify its loops and filters."
    )
