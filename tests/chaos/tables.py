"""The axes of the matrix: stops, steps, what the site does, trackers, databases."""

from dataclasses import dataclass

TRACKERS = ("red", "ops")
DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One way to be stopped. `lasts`: the cause is there for a while, then goes.

    `holds`: the step itself goes on only after the stop is over, or never. `of_tasks`:
    it meets only what a task of django-q2 does itself.
    """

    name: str
    label: str
    how: str
    lasts: bool = False
    holds: bool = True
    of_tasks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One place in the way of an upload, as Python's profiler hook sees it.

    `event` is "call" or "return" of `place` (module.function), `within` a function
    that must have called it. `in_task`: not in a thread that sends;
    `in_transaction`: its worker holds locks. Without a place the sandbox's journal tells of the step.
    """

    name: str
    label: str
    event: str = ""
    place: str = ""
    within: str = ""
    client: bool = False
    in_task: bool = False
    in_transaction: bool = False
    stops: tuple[str, ...] = ()
    behaviours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What the site does with the request; `fault` is the sandbox's."""

    name: str
    label: str
    fault: str = ""
    hides: bool = False


STOPS = (
    Stop(
        name="kill-worker",
        label="SIGKILL of the worker process",
        how="the process that does the step gets SIGKILL; its supervisor goes on",
    ),
    Stop(
        name="kill-all",
        label="SIGKILL of everything",
        how="supervisor, sentinel and workers get SIGKILL; a new worker is started",
    ),
    Stop(
        name="term",
        label="SIGTERM to the parent",
        how="the supervisor gets SIGTERM and the step goes on at once, within the "
        "grace period; a new worker is started when all have ended",
        holds=False,
    ),
    Stop(
        name="term-slow",
        label="SIGTERM, step too long",
        how="the supervisor gets SIGTERM and the step outlasts the grace period; a "
        "new worker is started when all have ended",
    ),
    Stop(
        name="term-all",
        label="SIGTERM to the group",
        how="every process of the worker's session gets SIGTERM; a new worker is "
        "started when all have ended",
    ),
    Stop(
        name="timeout",
        label="django-q2's timeout",
        how="the alarm that django-q2 sets for each task goes off at the step, and the "
        "process has to end by itself; threads that send outlive their task, so only "
        "the steps before and after them meet it",
        of_tasks=True,
    ),
    Stop(
        name="disk-full",
        label="Disk full",
        how="for a second each writing statement fails as it does on a full disk",
        lasts=True,
    ),
    Stop(
        name="locked",
        label="Database locked",
        how="for a second another connection holds the write lock of the file "
        "(SQLite: BEGIN EXCLUSIVE) or all tables (PostgreSQL: LOCK TABLE)",
        lasts=True,
    ),
    Stop(
        name="gone",
        label="Database gone",
        how="for a second connections are cut and refused (PostgreSQL), or the "
        "file's folder is renamed and statements fail (SQLite)",
        lasts=True,
    ),
)

_SENDING = "send_upload"
_DEATH = ("kill-all",)  # enough for the moments between two steps
STEPS = (
    Step(
        name="claim",
        label="claim",
        event="return",
        place="uploads.services.claiming.claim_next",
        in_task=True,
    ),
    Step(
        name="checked",
        label="checked",
        event="return",
        place="uploads.services.readiness.upload_ready",
        stops=_DEATH,
    ),
    Step(
        name="opened",
        label="attempt opened",
        event="return",
        place="uploads.services.attempts.attempt_open",
        stops=_DEATH,
    ),
    Step(
        name="derive",
        label="derive",
        event="return",
        place="uploads.services.readiness.approved_payload",
    ),
    Step(
        name="validate",
        label="validate",
        event="return",
        place="trackers.adapters.gazelle.adapter.validate",
    ),
    Step(
        name="budget",
        label="budget",
        event="return",
        place="trackers.services.budgets.budget_take",
        in_transaction=True,
        in_task=True,
    ),
    Step(
        name="before-sending",
        label="before `sending` is written",
        event="call",
        place="uploads.services.attempts.attempt_sending",
        stops=_DEATH,
    ),
    Step(
        name="sending",
        label="`sending` written",
        event="return",
        place="uploads.services.attempts.attempt_sending",
    ),
    Step(
        name="socket-open",
        label="socket open",
        event="return",
        place="urllib3.connection.connect",
        within=_SENDING,
    ),
    Step(name="half-body", label="half the body sent"),
    Step(
        name="body-sent",
        label="body sent",
        event="call",
        place="http.client.getresponse",
        within=_SENDING,
    ),
    Step(
        name="answer-half",
        label="answer half read",
        event="call",
        place="trackers.adapters.http.read_bounded",
        within=_SENDING,
    ),
    Step(
        name="answered",
        label="answered",
        event="return",
        place="trackers.adapters.http.send_upload",
    ),
    Step(
        name="before-recorded",
        label="before it is recorded",
        event="call",
        place="uploads.services.success.upload_succeeded",
        stops=_DEATH,
    ),
    Step(
        name="recorded",
        label="recorded",
        event="return",
        place="uploads.services.running._send",
    ),
    Step(
        name="asked",
        label="the tracker is asked",
        event="call",
        place="uploads.services.looking.look_for",
        stops=_DEATH,
        behaviours=("not-stored", "answer-lost", "hidden"),
    ),
    Step(
        name="client-add",
        label="client add",
        event="call",
        place="releases.services.clients.client_seed",
        client=True,
        in_task=True,
    ),
    Step(
        name="seeding-check",
        label="seeding check",
        event="call",
        place="uploads.services.seeding._judge",
        client=True,
        in_task=True,
    ),
)

BEHAVIOURS = (
    Behaviour(name="stored", label="stored"),
    Behaviour(name="not-stored", label="not stored", fault="drop-before"),
    Behaviour(name="answer-lost", label="stored, answer lost", fault="drop-after"),
    Behaviour(
        name="hidden",
        label="stored, answer lost, hidden for a while",
        fault="drop-after",
        hides=True,
    ),
)

STOP = {stop.name: stop for stop in STOPS}
STEP = {step.name: step for step in STEPS}
BEHAVIOUR = {behaviour.name: behaviour for behaviour in BEHAVIOURS}
