"""The folders that Herald may read."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from releases.models.client import TorrentClient


class Library(models.Model):
    """An allowed root folder; nothing outside a library is ever read."""

    name = models.CharField(gettext_lazy("name"), max_length=100, unique=True)
    path = models.CharField(
        gettext_lazy("path"),
        max_length=1000,
        unique=True,
        help_text=gettext_lazy("Absolute path of the folder as this machine sees it."),
    )
    torrent_client = models.ForeignKey(
        TorrentClient,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="libraries",
        verbose_name=gettext_lazy("torrent client"),
        help_text=gettext_lazy(
            "Seeds what is uploaded from here. Empty: Herald does not seed it."
        ),
    )
    client_path = models.CharField(
        gettext_lazy("client path"),
        max_length=1000,
        blank=True,
        help_text=gettext_lazy(
            "The same folder as the torrent client names it. Empty: the same."
        ),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = gettext_lazy("library")
        verbose_name_plural = gettext_lazy("libraries")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """An absolute folder that this process can read, and the client's name of it.

        The form says which field is wrong, and so does the API.
        """
        wrong = {
            "path": self._path_problem(),
            "client_path": self.client_path_problem(),
            "torrent_client": "",
        }
        if self.client_path and self.torrent_client is None:
            wrong["torrent_client"] = _(
                "Choose the torrent client that names the folder like this, or leave "
                "its path empty."
            )
        if any(wrong.values()):
            raise ValidationError({name: told for name, told in wrong.items() if told})

    def _path_problem(self) -> str:
        if not Path(self.path).is_absolute():
            return _("Give the absolute path, beginning with a slash.")
        try:
            is_folder = Path(self.path).is_dir()
        except (OSError, ValueError):
            is_folder = False
        if not is_folder:
            return _("There is no such folder here, or Herald may not read it.")
        return ""

    def client_path_problem(self) -> str:
        """Why the client's name of the folder cannot be one; "" when it can."""
        path = self.client_path
        if not path or path.startswith("/") or path[1:2] == ":":
            return ""
        return _(
            "Give the whole path as the torrent client names it, beginning with a "
            "slash or a drive letter. Leave it empty when it is the same as here."
        )
