"""The queue's own tables, to look at. The rows of Herald's apps are the truth."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django_q.admin import FailAdmin, QueueAdmin, ScheduleAdmin, TaskAdmin
from django_q.models import Failure, OrmQ, Schedule, Success

from common.admin import LookOnly

for model in (Failure, OrmQ, Schedule, Success):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(Success)
class SucceededTasks(LookOnly, TaskAdmin):
    """Tasks that ended well, where results are kept."""


@admin.register(Failure)
class FailedTasks(LookOnly, FailAdmin):
    """Tasks that ended by an error of ours."""


@admin.register(Schedule)
class Schedules(LookOnly, ScheduleAdmin):
    """What runs by the clock."""


@admin.register(OrmQ)
class WaitingTasks(LookOnly, QueueAdmin):
    """Nudges that no worker has taken yet (none with a Redis broker)."""

    list_display = ("id", "name", "func", "lock")
    fields: Any = ("name", "func", "kwargs", "lock")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrmQ]:
        """The queue's database."""
        rows: QuerySet[OrmQ] = QueueAdmin.get_queryset(self, request)
        return rows
