"""What a person may do with many uploads at once."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from releases.admin.acting import actor_id, told_each
from uploads.admin.upload_views import (
    DRIVE,
    UploadViews,
    parse_priority,
    restart_seeding,
)
from uploads.errors import UploadError
from uploads.models import Upload
from uploads.services.queueing import (
    HIGHEST,
    LOWEST,
    upload_cancel,
    upload_prioritise,
    upload_retry,
)


class UploadActions(UploadViews):
    """The bulk actions of the list."""

    def has_drive_permission(self, request: HttpRequest) -> bool:
        """Whether the person's role lets them retry, cancel and prioritise."""
        return request.user.has_perm(DRIVE)

    @admin.action(description=gettext_lazy("Retry"), permissions=["drive"])
    def retry_chosen(self, request: HttpRequest, chosen: QuerySet[Upload]) -> None:
        """Send the failed ones again."""
        told_each(
            request,
            _ids(chosen),
            lambda pk: upload_retry(upload_id=pk, actor_id=actor_id(request)),
            _("queued again."),
            permission=DRIVE,
            what=_("retry uploads"),
        )

    @admin.action(description=gettext_lazy("Cancel"), permissions=["drive"])
    def cancel_chosen(self, request: HttpRequest, chosen: QuerySet[Upload]) -> None:
        """Give up what was not sent yet."""
        told_each(
            request,
            _ids(chosen),
            lambda pk: upload_cancel(upload_id=pk, actor_id=actor_id(request)),
            _("cancelled."),
            permission=DRIVE,
            what=_("cancel uploads"),
        )

    @admin.action(
        description=gettext_lazy("Check seeding again"), permissions=["drive"]
    )
    def check_seeding(self, request: HttpRequest, chosen: QuerySet[Upload]) -> None:
        """Look at the seeding of each from the start."""
        told_each(
            request,
            _ids(chosen),
            lambda pk: restart_seeding(pk, actor_id(request)),
            _("checked again within seconds."),
            permission=DRIVE,
            what=_("check seeding"),
        )

    @admin.action(description=gettext_lazy("Prioritise …"), permissions=["drive"])
    def prioritise_chosen(
        self, request: HttpRequest, chosen: QuerySet[Upload]
    ) -> HttpResponse | None:
        """Ask for the priority, then set it."""
        if "confirmed" not in request.POST:
            return TemplateResponse(
                request,
                "admin/uploads/upload/prioritise.html",
                {
                    **self.admin_site.each_context(request),
                    "title": _("Prioritise uploads"),
                    "opts": self.opts,
                    "media": self.media,
                    "uploads": chosen.order_by("pk"),
                    "lowest": LOWEST,
                    "highest": HIGHEST,
                    "action_checkbox_name": ACTION_CHECKBOX_NAME,
                },
            )
        try:
            priority = parse_priority(request.POST.get("priority", ""))
        except UploadError as exc:
            messages.error(request, exc.message)
            return None
        told_each(
            request,
            _ids(chosen),
            lambda pk: upload_prioritise(
                upload_id=pk, priority=priority, actor_id=actor_id(request)
            ),
            _("now have priority %(number)s.") % {"number": priority},
            permission=DRIVE,
            what=_("prioritise uploads"),
        )
        return None


def _ids(chosen: QuerySet[Upload]) -> list[int]:
    return list(chosen.order_by("pk").values_list("pk", flat=True))
