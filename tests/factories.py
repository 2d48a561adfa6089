"""Rows for tests."""

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from releases.listing import searched
from releases.models import Library, Release, TorrentClient
from releases.states import ReleaseState
from trackers.models import Credential, Tracker
from uploads.models import Upload


class UserFactory(factory.django.DjangoModelFactory):
    """A person; `role` puts them into that group and lets them into the admin."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    is_staff = True
    password = factory.django.Password("correct horse")

    @factory.post_generation
    def role(self, create, extracted, **kwargs):
        if extracted:
            self.groups.add(Group.objects.get(name=extracted))


class TorrentClientFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TorrentClient

    name = factory.Sequence(lambda n: f"client{n}")
    url = "http://127.0.0.1:9"


class LibraryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Library

    name = factory.Sequence(lambda n: f"library{n}")
    path = factory.Sequence(lambda n: f"/proc/nowhere/{n}")


class ReleaseFactory(factory.django.DjangoModelFactory):
    """A release that exists in the database only; tests of files use real folders."""

    class Meta:
        model = Release

    library = factory.SubFactory(LibraryFactory)
    source_path = factory.Sequence(lambda n: f"Author - Title {n}")
    name = factory.SelfAttribute("source_path")
    title = factory.Sequence(lambda n: f"Title {n}")
    kind = "audiobook"
    state = ReleaseState.READY
    search_text = factory.LazyAttribute(
        lambda row: searched(title=row.title, path=row.source_path)
    )


class TrackerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tracker

    slug = factory.Sequence(lambda n: f"site{n}")
    name = factory.Sequence(lambda n: f"Site {n}")
    family = "gazelle"
    base_url = "http://127.0.0.1:9/red"
    announce_url = "http://127.0.0.1:9/announce/red/{passkey}"
    source_flag = "RED"
    options = factory.LazyFunction(lambda: {"dialect": "red"})
    budget_requests = 50
    budget_seconds = 1


class CredentialFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Credential

    tracker = factory.SubFactory(TrackerFactory)
    label = factory.Sequence(lambda n: f"account {n}")
    values = factory.LazyFunction(
        lambda: {"api_key": "made-up-api-key", "passkey": "0123456789abcdef" * 2}
    )


class UploadFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Upload

    release = factory.SubFactory(ReleaseFactory)
    tracker = factory.SubFactory(TrackerFactory)
    status = "draft"
    problems = factory.LazyFunction(list)
    errors = factory.LazyAttribute(lambda upload: _count(upload.problems, "error"))
    warnings = factory.LazyAttribute(lambda upload: _count(upload.problems, "warning"))
    duplicates = factory.LazyFunction(list)
    own_duplicates = factory.LazyAttribute(lambda upload: len(upload.duplicates))
    finished_at = factory.LazyAttribute(
        lambda upload: timezone.now() if upload.status == "success" else None
    )


def _count(problems, severity):
    return sum(problem["severity"] == severity for problem in problems)
