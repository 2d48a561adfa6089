"""Proof that workers start what they are given."""

from django.db import models


class Heartbeat(models.Model):
    """When a worker process last started a task."""

    worker = models.CharField(max_length=200, unique=True)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.worker
