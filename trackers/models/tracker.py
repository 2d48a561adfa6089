"""One remote site."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

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

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    family = models.CharField(_("family"), max_length=30)
    base_url = models.CharField(
        _("base URL"), max_length=300, validators=[check_web_address]
    )
    announce_url = models.CharField(
        _("announce URL"),
        max_length=300,
        help_text=_("With {passkey} where the account's passkey goes."),
    )
    source_flag = models.CharField(_("source flag"), max_length=50, blank=True)
    options = models.JSONField(default=dict, blank=True)
    torrent_rules = models.JSONField(default=dict, blank=True)
    kinds = models.JSONField(
        _("kinds"),
        default=list,
        blank=True,
        help_text=_("Kinds of release it takes; empty: all."),
    )
    budget_requests = models.PositiveIntegerField(_("budget requests"), default=5)
    budget_seconds = models.PositiveIntegerField(_("budget seconds"), default=10)
    action_budgets = models.JSONField(
        _("budgets of single actions"),
        default=dict,
        blank=True,
        validators=[check_action_budgets],
    )
    concurrency = models.PositiveSmallIntegerField(
        _("uploads at once"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Of one account, at the same time."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("tracker")
        verbose_name_plural = _("trackers")
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
