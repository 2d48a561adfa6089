"""Brings the known sites and built-in templates into the database."""

from dataclasses import dataclass, field

from django.db import transaction

from trackers.models import Template, TemplateChoice, Tracker
from trackers.seeds import TrackerSeed, load_seeds
from trackers.seeds.template_seeds import TemplateSeed, load_template_seeds
from trackers.services.templates import template_save


@dataclass(kw_only=True)
class SeedReport:
    """What was made, and what differs because somebody changed it here."""

    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def trackers_seed(*, sandbox_url: str = "") -> SeedReport:
    """Add missing trackers, templates and choices; local edits stay.

    With `sandbox_url` the trackers point at the sandbox there, for rehearsals.
    """
    report = SeedReport()
    with transaction.atomic():
        seeds = load_template_seeds()
        for template in seeds:
            _template(template, report)
        for tracker in load_seeds():
            row = _tracker(tracker, report, sandbox_url)
            _choices(row, seeds)
    return report


def _template(seed: TemplateSeed, report: SeedReport) -> None:
    layout = Template.objects.get(slug=seed.layout) if seed.layout else None
    template, made = Template.objects.get_or_create(
        slug=seed.slug,
        defaults={
            "name": seed.name,
            "kind": seed.kind,
            "family": seed.family,
            "layout": layout,
            "is_builtin": True,
        },
    )
    if made:
        report.made.append(f"template {seed.slug}")
    newest = template.current
    if newest is None or newest.author_id is None:
        before = newest.pk if newest else None
        version = template_save(template, fields=seed.fields, note=seed.note)
        if not made and version.pk != before:
            report.made.append(f"template {seed.slug} version {version.number}")
    elif dict(newest.fields) != dict(seed.fields):
        report.kept.append(f"template {seed.slug}: edited here, left as it is")


def _tracker(seed: TrackerSeed, report: SeedReport, sandbox_url: str) -> Tracker:
    values = {
        "name": seed.name,
        "family": seed.family,
        "base_url": seed.base_url,
        "announce_url": seed.announce_url,
        "source_flag": seed.source_flag,
        "options": dict(seed.options),
        "torrent_rules": dict(seed.torrent_rules),
        "kinds": list(seed.kinds),
        "budget_requests": seed.budget_requests,
        "budget_seconds": seed.budget_seconds,
    }
    if sandbox_url:
        root = sandbox_url.rstrip("/")
        values["base_url"] = f"{root}/{seed.slug}"
        values["announce_url"] = f"{root}/announce/{seed.slug}/{{passkey}}"
    row, made = Tracker.objects.get_or_create(slug=seed.slug, defaults=values)
    if made:
        report.made.append(f"tracker {seed.slug}")
        return row
    for name, value in values.items():
        if getattr(row, name) != value:
            report.kept.append(
                f"tracker {seed.slug}: {name} is {getattr(row, name)!r} here, "
                f"{value!r} in the list of known sites"
            )
    return row


def _choices(tracker: Tracker, seeds: list[TemplateSeed]) -> None:
    dialect = tracker.options.get("dialect", "")
    for seed in seeds:
        if seed.family == tracker.family and seed.dialect == dialect and dialect:
            TemplateChoice.objects.get_or_create(
                tracker=tracker,
                kind=seed.kind,
                defaults={"template": Template.objects.get(slug=seed.slug)},
            )
