"""Asking metadata services. Offline is normal: whatever fails becomes a record."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from common.http import build_session
from releases.metadata.answers import Limits
from releases.metadata.base import MetadataError
from releases.metadata.providers.audnexus import AudnexusProvider
from releases.models import MetadataRecord, ProviderAnswer, Release

Source = MetadataRecord.Source
# A book is worth a short wait only: it can be asked for again at any time.
LIMITS = Limits(connect=5.0, silence=10.0, total=20.0)


class DatabaseCache:
    """Answers of services, kept in the database for all workers.

    `on_get` is called before each look-up, and so before each request; what it
    raises ends the asking.
    """

    def __init__(self, on_get: Callable[[], None] | None = None) -> None:
        self._on_get = on_get

    def get(self, key: str) -> Any | None:
        """The answer, or None when there is none that is fresh."""
        if self._on_get is not None:
            self._on_get()
        row = ProviderAnswer.objects.filter(
            key=key[:200], expires_at__gt=timezone.now()
        ).first()
        return row.value if row else None

    def put(self, key: str, value: Any, ttl: float) -> None:
        """Keep an answer for `ttl` seconds."""
        ProviderAnswer.objects.update_or_create(
            key=key[:200],
            defaults={
                "value": value,
                "expires_at": timezone.now() + timedelta(seconds=ttl),
            },
        )


def release_enrich(
    release: Release,
    *,
    refresh: bool = False,
    on_request: Callable[[], None] | None = None,
) -> MetadataRecord | None:
    """Ask Audnexus about the release; None when it is off or there is no ASIN.

    Never raises for the service: an error is recorded and shown, and the release goes
    on with what its files say. `on_request` is called before each question, and may
    raise to stop.
    """
    asin = known_asin(release)
    if not settings.AUDNEXUS_URL or not asin or release.kind != Release.Kind.AUDIOBOOK:
        return None
    with build_session() as session:
        try:
            provider = AudnexusProvider(
                base_url=settings.AUDNEXUS_URL,
                session=session,
                cache=DatabaseCache(on_request),
                limits=LIMITS,
            )
            found = provider.fetch(
                asin, region=settings.AUDNEXUS_REGION, refresh=refresh
            )
        except MetadataError as exc:
            return MetadataRecord.objects.create(
                release=release,
                source=Source.AUDNEXUS,
                error={"code": exc.code, "message": exc.message},
            )
    return MetadataRecord.objects.create(
        release=release,
        source=Source.AUDNEXUS,
        raw=found.raw,
        fields=found.fields,
        notices=[asdict(notice) for notice in found.notices],
    )


def known_asin(release: Release) -> str:
    """The ASIN to ask for: a person's, else the tags', else the names'."""
    given = release.overrides.get("asin")
    if given:
        return str(given)
    for source in (Source.TAGS, Source.NAMES):
        record = latest_record(release, source)
        if record is not None and record.fields.get("asin"):
            return str(record.fields["asin"])
    return ""


def latest_record(release: Release, source: str) -> MetadataRecord | None:
    """The newest answer of a source that could be used."""
    return release.records.filter(source=source, error={}).order_by("-pk").first()


def latest_failure(release: Release, source: str) -> MetadataRecord | None:
    """The newest record of a source, if it failed and nothing came after it."""
    newest = release.records.filter(source=source).order_by("-pk").first()
    return newest if newest is not None and newest.error else None
