"""What made-up releases and uploads point at: few rows, made with the usual means."""

from dataclasses import dataclass
from random import Random

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User

from releases.models import Library, Release, TorrentClient
from trackers.models import (
    Credential,
    Template,
    TemplateChoice,
    TemplateVersion,
    Tracker,
)

SITES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel")
PEOPLE = ("ada", "ben", "cora", "dirk", "edda", "finn")
KINDS = tuple(Release.Kind.values)
VERSIONS = 4


@dataclass(kw_only=True)
class Surroundings:
    """`versions` maps a tracker's id and a kind to template versions, oldest first."""

    library: Library
    trackers: list[Tracker]
    credentials: dict[int, Credential]
    people: list[User]
    versions: dict[tuple[int, str], list[TemplateVersion]]


def surroundings_make(random: Random) -> Surroundings:
    """Trackers, accounts, templates, people and a library. Existing ones are used."""
    client, _ = TorrentClient.objects.get_or_create(
        name="Made-up client",
        defaults={"url": "http://127.0.0.1:9", "is_active": False},
    )
    library, _ = Library.objects.get_or_create(
        name="Made-up library",
        defaults={"path": "/nowhere/made-up", "torrent_client": client},
    )
    people = [_person(name) for name in PEOPLE]
    trackers = [_tracker(name) for name in SITES]
    credentials = {
        tracker.pk: Credential.objects.get_or_create(
            tracker=tracker,
            label="made-up",
            defaults={
                "values": {"api_key": f"made-up-{random.getrandbits(64):x}"},
            },
        )[0]
        for tracker in trackers
    }
    return Surroundings(
        library=library,
        trackers=trackers,
        credentials=credentials,
        people=people,
        versions=_versions(trackers, people, random),
    )


def _person(name: str) -> User:
    person, made = User.objects.get_or_create(
        username=f"made-up-{name}",
        defaults={"is_staff": True, "password": make_password(None)},
    )
    if made:
        person.groups.add(*Group.objects.filter(name="approver"))
    return person


def _tracker(name: str) -> Tracker:
    slug = f"made-up-{name.lower()}"
    tracker, _ = Tracker.objects.get_or_create(
        slug=slug,
        defaults={
            "name": f"{name} (made up)",
            "family": "gazelle",
            # Nobody listens there: what is pending stays so.
            "base_url": f"http://127.0.0.1:9/{slug}",
            "announce_url": f"http://127.0.0.1:9/{slug}/{{passkey}}/announce",
            "source_flag": name.upper(),
            "options": {"dialect": "red"},
        },
    )
    return tracker


def _versions(
    trackers: list[Tracker], people: list[User], random: Random
) -> dict[tuple[int, str], list[TemplateVersion]]:
    found: dict[tuple[int, str], list[TemplateVersion]] = {}
    for kind in KINDS:
        for half in range(2):
            template, _ = Template.objects.get_or_create(
                slug=f"made-up-{kind}-{half + 1}",
                defaults={
                    "name": f"Made-up {kind} {half + 1}",
                    "kind": kind,
                    "family": "gazelle",
                },
            )
            versions = [
                TemplateVersion.objects.get_or_create(
                    template=template,
                    number=number,
                    defaults={
                        "fields": {"description": f"{{{{ title }}}} v{number}"},
                        "author": random.choice(people),
                        "checksum": f"{template.pk:032d}{number:032d}",
                    },
                )[0]
                for number in range(1, VERSIONS + 1)
            ]
            for tracker in trackers[half::2]:
                TemplateChoice.objects.get_or_create(
                    tracker=tracker, kind=kind, defaults={"template": template}
                )
                found[tracker.pk, kind] = versions
    return found
