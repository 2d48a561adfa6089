"""Template versions: registered so that other pages can link to one. They never change."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin import LookOnly
from trackers.models import TemplateVersion


@admin.register(TemplateVersion)
class TemplateVersionAdmin(LookOnly):
    """A list of every version; the page of one belongs to its template."""

    list_display = ("template", "number", "author", "note", "created_at", "short_sum")
    list_select_related = ("template", "author")
    list_filter = ("template",)
    ordering = ("-created_at", "-pk")

    @admin.display(description=gettext_lazy("Checksum"))
    def short_sum(self, version: TemplateVersion) -> str:
        """Enough of the checksum to tell versions apart."""
        return version.checksum[:12]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Go to the version on its template's page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        version = self.get_object(request, object_id)
        if version is None:
            raise Http404(_("There is no such version."))
        return HttpResponseRedirect(
            reverse(
                "admin:trackers_template_version",
                args=[version.template_id, version.number],
            )
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not in lists of models: each template lists its own."""
        return False
