"""Made-up rows of every kind that figures are counted from, and a naive recount."""

from collections import Counter, defaultdict
from datetime import timedelta
from random import Random
from typing import Any

from django.utils import timezone
from django.utils.timezone import localdate

from tests import factories
from trackers.models import Template, TemplateVersion
from uploads.models import Upload, UploadAttempt, UploadEvent
from uploads.states import Outcome

GOOD = ("success", "duplicate")
WAIT = ("unavailable", "rate_limited", "stale")
CODES = ("", "upload_rejected", "tracker_auth", "tracker_unavailable")
ENDS = {"success": "found", "pending": "sent_again", "failed": "asked"}


class World:
    """A few trackers, people and template versions, and any number of uploads."""

    def __init__(self, seed, days=100):
        self.random = Random(seed)
        self.days = days
        self.now = timezone.now()
        self.trackers = [factories.TrackerFactory() for _ in range(3)]
        template = Template.objects.create(slug="t", name="T", family="gazelle")
        self.versions = [
            TemplateVersion.objects.create(template=template, number=n, checksum=str(n))
            for n in (1, 2)
        ]
        self.people = [factories.UserFactory() for _ in range(2)]

    def moment(self):
        return self.now - timedelta(days=self.days * self.random.random())

    def fill(self, uploads):
        for _ in range(uploads):
            self.upload(self.moment())

    def upload(self, at):
        choose = self.random.choice
        status = choose(["success"] * 3 + ["failed", "unknown", "pending"])
        upload = factories.UploadFactory(
            tracker=choose(self.trackers),
            kind=choose(["audiobook", "music"]),
            status=status,
            approved_by=choose([*self.people, None]),
            template_version=choose([*self.versions, None]),
            finished_at=None,
        )
        for number in range(1, self.random.randint(1, 5) + 1):
            at = self.attempt(upload, number, at)
        if status == "success":
            upload.finished_at = min(at, self.now)
            if self.random.random() < 0.8:
                wait = timedelta(seconds=self.random.randint(1, 90_000))
                upload.seeding_confirmed_at = min(at, self.now) + wait
                upload.seeding = "confirmed"
        upload.save()
        return upload

    def attempt(self, upload, number, at, outcome=None, ended=None):
        """One attempt from `at` on; gives when it was over."""
        choose, uniform = self.random.choice, self.random.uniform
        outcome = outcome or choose([*(o.value for o in Outcome), "success", ""])
        sending = at + timedelta(seconds=uniform(0, 3))
        over = sending + timedelta(seconds=uniform(0, 20))
        answered = outcome in GOOD or choose([True, False])
        UploadAttempt.objects.create(
            upload=upload,
            number=number,
            outcome=outcome,
            error_code="" if outcome in (*GOOD, "") else choose(CODES),
            phase="answered" if answered and outcome else "sending",
            started_at=at,
            sending_at=sending,
            answered_at=over if answered and outcome else None,
            finished_at=(ended or over) if outcome else None,
            # Approved by another person, made with another version, as time went on.
            tracker=upload.tracker,
            kind=upload.kind,
            approver=choose([*self.people, None]),
            template_version=choose([*self.versions, None]),
        )
        if outcome == "unknown":
            self.event(
                upload, choose(["success", "pending", "failed", "unknown"]), over
            )
        return over + timedelta(seconds=uniform(30, 200_000))

    def event(self, upload, new, at):
        event = UploadEvent.objects.create(upload=upload, old="unknown", new=new)
        moment = at + timedelta(seconds=self.random.uniform(1, 20))
        UploadEvent.objects.filter(pk=event.pk).update(created_at=moment)


class Recount:
    """The figures of a scope, one row after the other, in plain Python."""

    def __init__(self, scope):
        self.scope = scope
        self.trackers: defaultdict[Any, Counter[Any]] = defaultdict(Counter)
        self.history = defaultdict(Counter)
        self.versions = defaultdict(Counter)
        self.people = defaultdict(Counter)
        self.errors: Counter[Any] = Counter()
        self.phases = defaultdict(list)
        self.proofs = defaultdict(list)
        attempts = list(UploadAttempt.objects.all())
        for one in attempts:
            if one.outcome and self.counts(one.started_at, one, one.approver_id):
                self.attempt(one)
        for event in UploadEvent.objects.filter(old="unknown").exclude(new="unknown"):
            mine = [
                one
                for one in attempts
                if one.upload_id == event.upload_id
                and one.started_at <= event.created_at
            ]
            last = max(mine, key=lambda one: (one.started_at, one.pk))
            if self.counts(event.created_at, last, last.approver_id):
                self.trackers[last.tracker_id][ENDS[event.new]] += 1
        for upload in Upload.objects.filter(status="success"):
            self.upload(upload)

    def counts(self, moment, row, approver):
        scope = self.scope
        return (
            scope.first <= localdate(moment) <= scope.last
            and (not scope.tracker or row.tracker_id == scope.tracker.pk)
            and (not scope.kind or row.kind == scope.kind)
            and (not scope.version or row.template_version_id == scope.version.pk)
            and (not scope.approver or approver == scope.approver.pk)
            and (not scope.by_nobody or approver is None)
        )

    def attempt(self, one):
        good = one.outcome in GOOD
        result = (
            "succeeded"
            if good
            else "put_off"
            if one.outcome in WAIT
            else "unknown"
            if one.outcome == "unknown"
            else "failed"
        )
        found = Counter({result: 1})
        if one.number == 1:
            found["firsts"] = 1
        if good and one.number <= 3:
            found[("first", "second", "third")[one.number - 1] + "_succeeded"] = 1
        day = localdate(one.started_at)
        if self.scope.bucket == "week":
            day -= timedelta(days=day.weekday())
        elif self.scope.bucket == "month":
            day = day.replace(day=1)
        for where, key in (
            (self.trackers, one.tracker_id),
            (self.history, day),
            (self.versions, one.template_version_id),
            (self.people, one.approver_id),
        ):
            where[key].update(found)
        if not good:
            self.errors[one.tracker_id, one.outcome, one.error_code] += 1
        if one.phase == "answered":
            self.phases[one.tracker_id].append(one)

    def upload(self, upload):
        if upload.finished_at and self.counts(
            upload.finished_at, upload, upload.approved_by_id
        ):
            self.trackers[upload.tracker_id]["published"] += 1
        proven = upload.seeding_confirmed_at
        if proven and self.counts(proven, upload, upload.approved_by_id):
            took = (proven - upload.finished_at).total_seconds()
            self.proofs[upload.tracker_id].append(took)
