"""Templates with a preview: what they make of a release for a tracker."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from common.ids import is_id
from trackers.admin.template import BaseTemplateAdmin
from trackers.admin.template_form import TemplateEditForm
from trackers.models import Template
from trackers.services.templates import fields_complete, version_fields
from uploads.admin.template_preview import Preview, preview_render


@admin.register(Template)
class TemplateAdmin(BaseTemplateAdmin):
    """The whole set of a template's pages."""

    def get_urls(self) -> list[URLPattern]:
        """Also the preview."""
        view = self.admin_site.admin_view(self.preview_view)
        return [
            path("<int:pk>/preview/", view, name="trackers_template_preview"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Render a version, or by POST what stands in the editor. Nothing is saved."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        template = get_object_or_404(Template.objects.select_related("layout"), pk=pk)
        posted = request.method == "POST"
        given = request.POST if posted else request.GET
        facts: dict[str, Any] = {}
        if posted:
            fields, facts["what"] = self._edited(request, template)
            facts["carried"] = [
                (name, value)
                for name, value in request.POST.items()
                if name not in ("csrfmiddlewaretoken", "release", "tracker")
            ]
        else:
            fields, facts["number"], facts["what"] = _stored(template, given)
        preview: Preview = preview_render(
            template,
            fields,
            release_id=given.get("release", ""),
            tracker_slug=given.get("tracker", ""),
            may_see_releases=request.user.has_perm("releases.view_release"),
        )
        return self.page(
            request,
            template,
            "preview",
            title=_("Preview of %(name)s") % {"name": template.name},
            here="preview",
            method="post" if posted else "get",
            preview=preview,
            **facts,
        )

    def _edited(
        self, request: HttpRequest, template: Template
    ) -> tuple[dict[str, str], str]:
        if not self.has_change_permission(request, template):
            raise PermissionDenied
        form = TemplateEditForm(
            request.POST, template=template, version=template.current
        )
        form.is_valid()
        fields = fields_complete(template, form.sources)
        return fields, _("What stands in the editor now. Nothing is saved.")


def _stored(template: Template, given: Any) -> tuple[dict[str, str], str, str]:
    number = given.get("version", "")
    if number and not is_id(number):
        raise Http404(_("There is no such version."))
    version = (
        get_object_or_404(template.versions, number=int(number))
        if number
        else template.current
    )
    if version is None:
        return {}, "", _("This template has no text yet.")
    what = _("Version %(number)s.") % {"number": version.number}
    return version_fields(version), number, what
