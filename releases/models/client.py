"""The torrent client that seeds what was uploaded."""

from django.db import models

from common.addresses import check_web_address
from common.fields import EncryptedJSONField


class TorrentClient(models.Model):
    """A qBittorrent that Herald hands torrents to.

    `login` holds the `password`, encrypted; empty where none is asked. Somebody is
    asking it until `busy_until`; after `failures` looks in a row without an answer
    nobody does until `not_before`.
    """

    name = models.CharField(max_length=100, unique=True)
    url = models.CharField(
        "URL",
        max_length=500,
        validators=[check_web_address],
        help_text="Of the Web UI, such as http://localhost:8080",
    )
    username = models.CharField("user name", max_length=100, blank=True)
    login = EncryptedJSONField(default=dict, blank=True)
    category = models.CharField(
        max_length=100, blank=True, default="herald", help_text="Given to each torrent."
    )
    tags = models.CharField(
        max_length=200, blank=True, help_text="Comma separated; the tracker is added."
    )
    is_active = models.BooleanField("active", default=True)
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    check_ok = models.BooleanField(null=True, editable=False)
    check_message = models.CharField(max_length=500, blank=True, editable=False)
    busy_until = models.DateTimeField(null=True, blank=True, editable=False)
    not_before = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
