"""Uploads of which only a person can say whether they are there, as conditions."""

from django.db.models import Q

from uploads.states import QUESTIONS, UploadStatus

ASKED = Q(status=UploadStatus.FAILED, reason__code__in=sorted(QUESTIONS))
# Not `~ASKED`: a reason without a code is neither in the set nor out of it for SQL.
NOT_ASKED = (
    ~Q(status=UploadStatus.FAILED)
    | Q(reason__code__isnull=True)
    | ~Q(reason__code__in=sorted(QUESTIONS))
)
