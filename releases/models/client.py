"""The torrent client that seeds what was uploaded."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.addresses import check_web_address
from common.fields import EncryptedJSONField


class TorrentClient(models.Model):
    """A qBittorrent that Herald hands torrents to.

    `login` holds the `password`, encrypted; empty where none is asked. Somebody is
    asking it until `busy_until`; after `failures` looks in a row without an answer
    nobody does until `not_before`.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    url = models.CharField(
        "URL",
        max_length=500,
        validators=[check_web_address],
        help_text=_("Of the Web UI, such as http://localhost:8080"),
    )
    username = models.CharField(_("user name"), max_length=100, blank=True)
    login = EncryptedJSONField(default=dict, blank=True)
    category = models.CharField(
        _("category"),
        max_length=100,
        blank=True,
        default="herald",
        help_text=_("Given to each torrent."),
    )
    tags = models.CharField(
        _("tags"),
        max_length=200,
        blank=True,
        help_text=_("Comma separated; the tracker is added."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    checked_at = models.DateTimeField(
        _("checked at"), null=True, blank=True, editable=False
    )
    check_ok = models.BooleanField(null=True, editable=False)
    check_message = models.CharField(max_length=500, blank=True, editable=False)
    busy_until = models.DateTimeField(null=True, blank=True, editable=False)
    not_before = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("torrent client")
        verbose_name_plural = _("torrent clients")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
