"""Folders that are looked into for new releases, and what was found in them."""

from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from releases.models.library import Library
from releases.models.release import Release

LONGEST_SETTLE_S = 86_400


class WatchFolders(models.Manager["WatchFolder"]):
    """With their libraries: a folder's name begins with that of its library."""

    def get_queryset(self) -> models.QuerySet["WatchFolder"]:
        """One query for all names."""
        return super().get_queryset().select_related("library")


class WatchFolder(models.Model):
    """A folder inside a library whose settled contents become releases.

    `path` is relative to the library. `targets` are tracker slugs (empty: all). One
    process at a time looks (`claimed_by`), and again at `next_at`; `problem` says why
    the last look found nothing at all.
    """

    library = models.ForeignKey(
        Library,
        on_delete=models.CASCADE,
        related_name="watch_folders",
        verbose_name=gettext_lazy("library"),
    )
    path = models.CharField(
        gettext_lazy("folder"),
        max_length=1000,
        blank=True,
        help_text=gettext_lazy(
            "Inside the library, such as incoming/books. Empty: the library itself."
        ),
    )
    is_active = models.BooleanField(gettext_lazy("active"), default=True)
    depth = models.PositiveSmallIntegerField(
        gettext_lazy("depth"),
        choices=[
            (1, gettext_lazy("Directly inside")),
            (2, gettext_lazy("One folder further down, such as Author/Title")),
            (3, gettext_lazy("Two folders further down, such as Author/Series/Title")),
        ],
        default=1,
        help_text=gettext_lazy(
            "Where the releases lie. Each folder there is one, and each single audio "
            "or video file on the way."
        ),
    )
    settle_seconds = models.PositiveIntegerField(
        gettext_lazy("settle time"),
        default=60,
        help_text=gettext_lazy(
            "Seconds in which no name, size or time may change before it is taken."
        ),
    )
    kind = models.CharField(
        gettext_lazy("kind"),
        max_length=20,
        choices=Release.Kind.choices,
        blank=True,
        help_text=gettext_lazy("Empty: found out from the files."),
    )
    targets = models.JSONField(
        gettext_lazy("trackers"),
        default=list,
        blank=True,
        help_text=gettext_lazy("None chosen: every active tracker of the kind."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="watch_folders",
        verbose_name=gettext_lazy("owner"),
        help_text=gettext_lazy("Whose releases these are. Empty: nobody's."),
    )
    problem = models.CharField(max_length=500, blank=True, editable=False)
    scanned_at = models.DateTimeField(
        gettext_lazy("scanned at"), null=True, blank=True, editable=False
    )
    next_at = models.DateTimeField(null=True, blank=True, editable=False)
    claimed_by = models.CharField(max_length=200, blank=True, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WatchFolders()

    class Meta:
        verbose_name = gettext_lazy("watch folder")
        verbose_name_plural = gettext_lazy("watch folders")
        ordering = ["library__name", "path"]
        constraints = [
            models.UniqueConstraint(
                fields=["library", "path"], name="watch_folder_once_per_path"
            )
        ]

    def __str__(self) -> str:
        return f"{self.library.name}/{self.path}" if self.path else self.library.name

    @property
    def folder(self) -> str:
        """The whole path, as this machine sees it."""
        return str(PurePosixPath(self.library.path) / self.path)

    def clean(self) -> None:
        """A folder of the library that is there, and a settle time that ends."""
        wrong = {"path": self._path_problem(), "settle_seconds": ""}
        if not 1 <= self.settle_seconds <= LONGEST_SETTLE_S:
            wrong["settle_seconds"] = _("Give 1 to %(most)s seconds.") % {
                "most": LONGEST_SETTLE_S
            }
        if any(wrong.values()):
            raise ValidationError({name: told for name, told in wrong.items() if told})

    def _path_problem(self) -> str:
        parts = PurePosixPath(self.path)
        if parts.is_absolute() or ".." in parts.parts or "\0" in self.path:
            return _("Give the path inside the library, without a slash before it.")
        self.path = "" if str(parts) == "." else str(parts)
        try:
            is_folder = Path(self.folder).is_dir()
        except Library.DoesNotExist:
            return ""  # that the library is missing is said beside it
        except OSError:
            is_folder = False
        if not is_folder:
            return _(
                "There is no such folder in the library, or Herald may not read it."
            )
        return ""


class Candidate(models.Model):
    """What lies in a watch folder: taken, or why not yet.

    `release` is empty for what is taken or known only once a person deleted it.
    `path` is relative to the watch folder. `signature` changes with any name, size or
    time in it; `quiet_seconds` is for how long it was seen not to. `code` and
    `message` say why it waits or is skipped.
    """

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting")
        SKIPPED = "skipped", gettext_lazy("Skipped")
        TAKEN = "taken", gettext_lazy("Taken")
        KNOWN = "known", gettext_lazy("Already a release")

    watch = models.ForeignKey(
        WatchFolder,
        on_delete=models.CASCADE,
        related_name="candidates",
        verbose_name=gettext_lazy("watch"),
    )
    path = models.CharField(gettext_lazy("path"), max_length=2000)
    state = models.CharField(
        gettext_lazy("state"),
        max_length=10,
        choices=State.choices,
        default=State.WAITING,
    )
    code = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=500, blank=True)
    signature = models.CharField(max_length=64, blank=True)
    quiet_seconds = models.FloatField(default=0.0)
    file_count = models.PositiveIntegerField(default=0)
    total_size = models.BigIntegerField(default=0)
    release = models.ForeignKey(
        Release,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="candidates",
    )
    seen_at = models.DateTimeField(gettext_lazy("seen at"), auto_now_add=True)
    looked_at = models.DateTimeField(gettext_lazy("looked at"), null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("candidate")
        verbose_name_plural = gettext_lazy("candidates")
        ordering = ["-seen_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["watch", "path"], name="candidate_once_per_path"
            )
        ]
        indexes = [
            models.Index(fields=["watch", "state"], name="candidate_watch_state")
        ]

    def __str__(self) -> str:
        return self.path
