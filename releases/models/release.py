"""One publishable thing: its files, its metadata, and where it stands."""

from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from releases.metadata.recording import OTHER_RECORDING
from releases.models.library import Library
from releases.states import ReleaseState


class Release(models.Model):
    """One release; states are drawn in releases/states.py.

    `source_path` is relative to the library. `metadata` maps each field of the
    vocabulary to {"value", "source", "alternatives": [{"source", "value"}]};
    `overrides` holds the values a person insists on. `targets` are tracker slugs
    (empty: all). `fingerprint` identifies names, sizes and times of the files.
    `progress` is {"phase", "done", "total", "rate", "eta"} while preparing.
    `cover` is the picture in use, `pictures` those to choose from, both as
    {"file", "mime", "origin", "width", "height", "bytes", "sha256"}.
    """

    class Kind(models.TextChoices):
        AUDIOBOOK = "audiobook", _("Audiobook")
        MUSIC = "music", _("Music")
        TV = "tv", _("TV")
        FILM = "film", _("Film")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        NEW = ReleaseState.NEW.value, _("New")
        PREPARING = ReleaseState.PREPARING.value, _("Preparing")
        READY = ReleaseState.READY.value, _("Ready")
        APPROVED = ReleaseState.APPROVED.value, _("Approved")
        PUBLISHED = ReleaseState.PUBLISHED.value, _("Published")
        REJECTED = ReleaseState.REJECTED.value, _("Rejected")
        FAILED = ReleaseState.FAILED.value, _("Failed")

    library = models.ForeignKey(
        Library,
        on_delete=models.PROTECT,
        related_name="releases",
        verbose_name=_("library"),
    )
    source_path = models.CharField(max_length=2000)
    name = models.CharField(
        _("name"), max_length=255, help_text=_("Top name inside the torrent.")
    )
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=Kind.choices,
        blank=True,
        help_text=_("Empty until it is known from the files."),
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=State.choices,
        default=State.NEW,
        db_index=True,
    )
    title = models.CharField(
        _("title"), max_length=500, blank=True, help_text=_("For lists.")
    )
    asin = models.CharField("ASIN", max_length=10, blank=True)
    author = models.CharField(
        _("author"), max_length=200, blank=True, help_text=_("For lists.")
    )
    narrator = models.CharField(
        _("narrator"), max_length=200, blank=True, help_text=_("For lists.")
    )
    search_text = models.CharField(
        max_length=600,
        blank=True,
        editable=False,
        help_text=_("Title, people, ASIN and path, folded (releases/listing.py)."),
    )
    metadata = models.JSONField(default=dict, blank=True)
    overrides = models.JSONField(default=dict, blank=True)
    notices = models.JSONField(default=list, blank=True)
    targets = models.JSONField(default=list, blank=True)
    error = models.JSONField(default=dict, blank=True)
    progress = models.JSONField(default=dict, blank=True)
    cover = models.JSONField(default=dict, blank=True)
    pictures = models.JSONField(
        default=list, blank=True, help_text=_("The covers to choose from.")
    )
    given_torrent = models.BinaryField(
        null=True, help_text=_("A torrent given with the path, without its addresses.")
    )
    total_size = models.BigIntegerField(default=0)
    file_count = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    revision = models.PositiveIntegerField(default=0)
    claimed_by = models.CharField(max_length=200, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="releases",
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_index=True)
    updated_at = models.DateTimeField(auto_now=True)
    prepared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-created_at", "-pk"]
        permissions = [("prepare_release", "Can prepare releases")]
        constraints = [
            models.UniqueConstraint(
                fields=["library", "source_path"], name="release_once_per_path"
            )
        ]
        # A search reads the second one instead of the rows, which are heavy.
        indexes = [
            models.Index(
                fields=["state", "-created_at", "-id"], name="release_state_newest"
            ),
            models.Index(fields=["search_text"], name="release_searched"),
            models.Index(
                fields=["title", "-created_at", "-id"], name="release_by_title"
            ),
            models.Index(
                fields=["total_size", "-created_at", "-id"], name="release_by_size"
            ),
            # What waits for approval, as the dashboard shows it.
            models.Index(
                fields=["-prepared_at", "-id"],
                condition=models.Q(state="ready"),
                name="release_ready_newest",
            ),
        ]

    # Set by lists, where another release of the same title is shown as well.
    is_copy = False

    def __str__(self) -> str:
        return self.title or self.name

    @property
    def values(self) -> dict[str, Any]:
        """The merged metadata as plain field → value."""
        return {
            name: entry["value"]
            for name, entry in self.metadata.items()
            if isinstance(entry, dict) and "value" in entry
        }

    @property
    def other_recording(self) -> dict[str, Any] | None:
        """The notice that the catalogue may mean another recording, with its figures.

        Made when the sources were merged (releases/metadata/recording.py).
        """
        return next(
            (one for one in self.notices if one.get("code") == OTHER_RECORDING), None
        )

    @property
    def path(self) -> str:
        """Where the release lies, as this machine sees it."""
        return str(PurePosixPath(self.library.path) / self.source_path)
