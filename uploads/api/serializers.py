"""Uploads, attempts and decisions as JSON."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.api import LARGEST_ID
from common.ids import is_id
from releases.api.serializers import ReleaseOut
from releases.models import Release
from trackers.types import Strength
from uploads.duplicates import asking_words, checked_at, duplicates_of
from uploads.models import Approval, Upload, UploadAttempt, UploadEvent
from uploads.selectors import approver
from uploads.services.queueing import HIGHEST, LOWEST

MOST_UPLOADS = 1000


class DuplicateOut(serializers.Serializer[Any]):
    """A torrent that is there already, or one of ours that was sent there."""

    title = serializers.CharField()
    url = serializers.CharField()
    message = serializers.CharField()
    strength = serializers.ChoiceField(choices=[one.value for one in Strength])
    remote_id = serializers.CharField()
    format = serializers.CharField()
    encoding = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes; 0: not known.")


class UploadOut(serializers.ModelSerializer[Upload]):
    """An upload in a list."""

    tracker = serializers.CharField(source="tracker.slug")
    release_title = serializers.CharField(source="release", help_text="Or its name.")
    duplicates = serializers.SerializerMethodField()
    duplicates_checked_at = serializers.SerializerMethodField()
    duplicates_problem = serializers.SerializerMethodField()

    @extend_schema_field(DuplicateOut(many=True))
    def get_duplicates(self, upload: Upload) -> list[dict[str, Any]]:
        """Ours and the tracker's, the surest first."""
        return duplicates_of(upload)

    def get_duplicates_checked_at(self, upload: Upload) -> datetime | None:
        """When the tracker answered for what the draft says."""
        return checked_at(upload)

    def get_duplicates_problem(self, upload: Upload) -> str:
        """Why it has not answered yet; empty when it has."""
        return asking_words(upload)

    class Meta:
        model = Upload
        fields = [
            "id",
            "release",
            "release_title",
            "tracker",
            "status",
            "reason",
            "priority",
            "tries",
            "not_before",
            "problems",
            "duplicates",
            "duplicates_checked_at",
            "duplicates_problem",
            "digest",
            "infohash",
            "site_infohash",
            "remote_id",
            "remote_url",
            "seeding",
            "seeding_message",
            "seeding_confirmed_at",
            "approved_at",
            "finished_at",
            "created_at",
        ]
        read_only_fields = fields


class UploadDetailOut(UploadOut):
    """One upload, with all that it says to the tracker."""

    approved_by = serializers.SerializerMethodField(
        help_text="Who approved what it says now: a person, or “rule” and its name."
    )

    class Meta(UploadOut.Meta):
        fields = [*UploadOut.Meta.fields, "payload", "approved_by"]
        read_only_fields = fields

    def get_approved_by(self, upload: Upload) -> str:
        """ "" while nobody has."""
        return approver(upload)


class SendingRow(serializers.ModelSerializer[Upload]):
    """One upload, as far as it matters to one who waits for it."""

    tracker = serializers.CharField(source="tracker.slug")

    class Meta:
        model = Upload
        fields = ["id", "tracker", "status", "reason", "remote_url", "seeding"]
        read_only_fields = fields


class SendingOut(serializers.Serializer[Any]):
    """How far a release's uploads are."""

    state = serializers.ChoiceField(choices=Release.State.choices)
    settled = serializers.BooleanField(
        help_text="Nothing goes on by itself: each seeds, failed, or waits for you."
    )
    uploads = SendingRow(many=True)


class AttemptOut(serializers.ModelSerializer[UploadAttempt]):
    """One try."""

    class Meta:
        model = UploadAttempt
        fields = [
            "number",
            "phase",
            "outcome",
            "error_code",
            "message",
            "http_status",
            "answer",
            "decision",
            "started_at",
            "sending_at",
            "answered_at",
            "finished_at",
        ]
        read_only_fields = fields


class EvidenceOut(serializers.Serializer[Any]):
    """What the tracker was asked, and what it said."""

    way = serializers.CharField()
    asked = serializers.CharField()
    found = serializers.CharField()


class UploadEventOut(serializers.ModelSerializer[UploadEvent]):
    """One move of an upload, or what was learned about it."""

    actor = serializers.CharField(
        source="actor.username", default=None, allow_null=True
    )
    evidence = EvidenceOut(many=True)

    class Meta:
        model = UploadEvent
        fields = ["id", "old", "new", "reason", "evidence", "actor", "created_at"]
        read_only_fields = fields


class ApprovalOut(serializers.ModelSerializer[Approval]):
    """One decision."""

    actor = serializers.CharField(
        source="actor.username", default=None, allow_null=True
    )
    by = serializers.CharField(help_text="The person, or “rule” and its name.")

    class Meta:
        model = Approval
        fields = [
            "id",
            "decision",
            "actor",
            "by",
            "rule",
            "rule_snapshot",
            "note",
            "digests",
            "decided_at",
            "void_at",
            "void_reason",
        ]
        read_only_fields = fields


class ApproveIn(serializers.Serializer[Any]):
    """What is approved: all drafts, or those named, as they were read."""

    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=2000
    )
    uploads = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        max_length=MOST_UPLOADS,
        required=False,
        allow_null=True,
        default=None,
        help_text="Ids of drafts; left out: those in `digests`, and without them all.",
    )
    digests = serializers.DictField(
        child=serializers.CharField(max_length=64),
        required=False,
        allow_null=True,
        default=None,
        help_text="Upload id → digest as read; a draft that changed since is refused, "
        "and one that is missing here is approved only where `uploads` names it.",
    )

    def validate_digests(self, value: dict[str, str] | None) -> dict[int, str] | None:
        """The ids as numbers."""
        if value is None:
            return None
        if not all(is_id(key) for key in value):
            raise serializers.ValidationError("Its keys are ids of uploads.")
        if len(value) > MOST_UPLOADS:
            raise serializers.ValidationError(f"Give at most {MOST_UPLOADS} of them.")
        return {int(key): digest for key, digest in value.items()}


class ApproveOut(serializers.Serializer[Any]):
    """What an approval started."""

    release = ReleaseOut()
    approved = UploadOut(many=True)
    left_out = serializers.ListField(child=serializers.CharField())


class RejectionIn(serializers.Serializer[Any]):
    """Why a release is turned down."""

    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=2000
    )


class PriorityIn(serializers.Serializer[Any]):
    """How urgent an upload is."""

    priority = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST)


class SettleIn(serializers.Serializer[Any]):
    """What a person found on the tracker: the upload, or that it is not there."""

    there = serializers.BooleanField(help_text="false: it is not there, send it again.")
    url = serializers.CharField(
        max_length=500,
        required=False,
        allow_blank=True,
        default="",
        help_text="With `there`: the link of the torrent's page, or its number.",
    )
    seen = serializers.BooleanField(
        default=False,
        help_text="With `there`: I have seen it myself. Counts while the tracker "
        "cannot be asked.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What is there has a link."""
        if attrs["there"] and not attrs["url"]:
            raise serializers.ValidationError({"url": "Say where it is."})
        return attrs
