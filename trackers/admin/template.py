"""Templates in the admin. uploads/admin adds the preview and registers them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin import STYLES, chip
from trackers.admin.choices import without_pop_ups
from trackers.admin.template_pages import TemplatePages
from trackers.admin.template_settings import TemplateSettingsForm
from trackers.kinds import KIND_NAMES
from trackers.models import Template, TemplateChoice, TemplateVersion


class BaseTemplateAdmin(TemplatePages):
    """The list, and the way between a template's pages."""

    form = TemplateSettingsForm
    fields = ("name", "slug", "kind", "family", "layout")
    prepopulated_fields = {"slug": ("name",)}
    list_display: tuple[str, ...] = (
        *("name", "kind_cell", "family", "layout", "version_cell", "used_cell"),
    )
    list_filter = ("kind", "family", "is_builtin")
    list_select_related = ("layout",)
    search_fields = ("name", "slug")
    ordering = ("name",)

    class Media:
        css = {"all": [STYLES, "admin/herald/trackers.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Template]:
        """Templates with their newest version and the trackers that use them."""
        newest = TemplateVersion.objects.filter(template=OuterRef("pk")).order_by(
            "-number"
        )
        choices = TemplateChoice.objects.select_related("tracker")
        rows: QuerySet[Template] = super().get_queryset(request)
        return rows.annotate(
            newest_number=Subquery(newest.values("number")[:1]),
            newest_at=Subquery(newest.values("created_at")[:1]),
        ).prefetch_related(Prefetch("choices", choices))

    @admin.display(description=gettext_lazy("Kind"), ordering="kind")
    def kind_cell(self, template: Template) -> str:
        """The kind's name."""
        return str(KIND_NAMES.get(template.kind, template.kind))

    @admin.display(description=gettext_lazy("Version"), ordering="newest_at")
    def version_cell(self, template: Any) -> SafeString | str:
        """The newest version's number."""
        if template.newest_number is None:
            return chip(_("No text yet"), "warn")
        saved = date_format(localtime(template.newest_at), "j M Y")
        return f"v{template.newest_number}, {saved}"

    @admin.display(description=gettext_lazy("Used by"))
    def used_cell(self, template: Template) -> str:
        """The trackers that use it."""
        return ", ".join(one.tracker.name for one in template.choices.all()) or "—"

    def get_urls(self) -> list[URLPattern]:
        """The template's own pages."""
        views = {
            "<int:pk>/edit/": (self.edit_view, "edit"),
            "<int:pk>/settings/": (self.settings_view, "settings"),
            "<int:pk>/versions/<int:number>/": (self.version_view, "version"),
            "<int:pk>/diff/": (self.diff_view, "diff"),
        }
        own = [
            path(
                route,
                self.admin_site.admin_view(view),
                name=f"trackers_template_{name}",
            )
            for route, (view, name) in views.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The template's page: what it says now, and where it is used."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        template = self.get_object(request, object_id)
        if template is None:
            messages.error(request, _("There is no such template any more."))
            return HttpResponseRedirect(reverse("admin:trackers_template_changelist"))
        return self.page(
            request, template, "page", here="page", **self.overview(template)
        )

    def settings_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Name, kind, family and layout, by Django's own form."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        extra = {"title": _("Settings of template")}
        answer: HttpResponse = self.changeform_view(request, str(pk), "", extra)
        return answer

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Without the buttons for pop-ups: a layout has pages of its own."""
        return without_pop_ups(
            super().formfield_for_dbfield(db_field, request, **kwargs)
        )

    def response_add(
        self, request: HttpRequest, obj: Template, post_url_continue: Any = None
    ) -> HttpResponse:
        """A new template needs its text next."""
        messages.success(
            request,
            _("%(template)s is there. Now write its fields.") % {"template": obj},
        )
        return HttpResponseRedirect(
            reverse("admin:trackers_template_edit", args=[obj.pk])
        )

    def response_change(self, request: HttpRequest, obj: Template) -> HttpResponse:
        """Back to the template's page."""
        messages.success(
            request,
            _(
                "%(template)s is saved. A changed layout counts from the next version "
                "on."
            )
            % {"template": obj},
        )
        return HttpResponseRedirect(
            reverse("admin:trackers_template_change", args=[obj.pk])
        )

    def has_delete_permission(
        self, request: HttpRequest, obj: Template | None = None
    ) -> bool:
        """Never: uploads keep the version that they were made with."""
        return False
