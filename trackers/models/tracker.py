"""One remote site."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from common.addresses import check_web_address
from trackers.budget_rules import check_action_budgets
from trackers.types import TrackerSite


class Tracker(models.Model):
    """One tracker; its family's adapter holds the code.

    `budget_requests` per `budget_seconds` and credential are shared by all workers;
    `action_budgets` narrow single actions: {action: [requests, seconds]}. At
    most `concurrency` uploads of one credential are under way at the same time.
    `torrent_rules` may hold `max_piece_length`, `max_torrent_bytes` (bytes),
    `max_path_chars` (folder and file name together) and `piece_table`: [[content
    bytes or null, piece length], …].
    """

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    family = models.CharField(max_length=30)
    base_url = models.CharField(
        "base URL", max_length=300, validators=[check_web_address]
    )
    announce_url = models.CharField(
        "announce URL",
        max_length=300,
        help_text="With {passkey} where the account's passkey goes.",
    )
    source_flag = models.CharField(max_length=50, blank=True)
    options = models.JSONField(default=dict, blank=True)
    torrent_rules = models.JSONField(default=dict, blank=True)
    kinds = models.JSONField(
        default=list, blank=True, help_text="Kinds of release it takes; empty: all."
    )
    budget_requests = models.PositiveIntegerField(default=5)
    budget_seconds = models.PositiveIntegerField(default=10)
    action_budgets = models.JSONField(
        "budgets of single actions",
        default=dict,
        blank=True,
        validators=[check_action_budgets],
    )
    concurrency = models.PositiveSmallIntegerField(
        "uploads at once",
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Of one account, at the same time.",
    )
    is_active = models.BooleanField("active", default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def site(self) -> TrackerSite:
        """This row as its adapter sees it."""
        return TrackerSite(
            slug=self.slug,
            name=self.name,
            base_url=self.base_url.rstrip("/"),
            announce_url=self.announce_url,
            source_flag=self.source_flag,
            options=dict(self.options),
            torrent_rules=dict(self.torrent_rules),
        )
