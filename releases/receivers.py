"""What goes with a release that is deleted, by whatever way."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from releases.models import Release
from releases.services.covers import covers_forget


@receiver(post_delete, sender=Release)
def forget_covers(*, instance: Release, **kwargs: Any) -> None:
    """Its pictures are files, which no cascade takes along."""
    covers_forget(instance.pk)
