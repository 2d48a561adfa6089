"""What a template's pages show: its text, its versions, their differences, the editor."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from common.errors import AppError
from common.ids import is_id
from trackers.admin.template_form import TemplateEditForm, numbered
from trackers.kinds import KIND_NAMES
from trackers.models import Template, TemplateVersion
from trackers.rendering.render import RenderingBroken
from trackers.rendering.versions import diff_fields
from trackers.services.templates import template_save, version_fields

TONES = {"+": "add", "-": "del", "@": "at"}


class TemplatePages(ModelAdmin):
    """The views below a template's address."""

    def page(
        self, request: HttpRequest, template: Template, name: str, **facts: Any
    ) -> TemplateResponse:
        """One of the template's pages."""
        context = {
            **self.admin_site.each_context(request),
            "title": str(template),
            "opts": self.opts,
            "media": self.media,
            "template": template,
            "object": template,
            "original": template,
            "kind_name": KIND_NAMES.get(template.kind, template.kind),
            "may_change": self.has_change_permission(request, template),
            **facts,
        }
        return TemplateResponse(
            request, f"admin/trackers/template/{name}.html", context
        )

    def _template(self, request: HttpRequest, pk: int) -> Template:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Template.objects.select_related("layout"), pk=pk)

    def overview(self, template: Template) -> dict[str, Any]:
        """The template's page."""
        versions = list(
            template.versions.select_related(
                "author", "layout_version__template"
            ).order_by("-number")
        )
        newest = versions[0] if versions else None
        return {
            "versions": versions,
            "newest": newest,
            "fields": shown_fields(newest) if newest else [],
            "choices": template.choices.select_related("tracker"),
            "extended_by": template.extended_by.all(),
            "layout_moved": newest is not None and _layout_moved(template, newest),
        }

    def version_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """One version as it was saved. It never changes."""
        template = self._template(request, pk)
        version = _version(template, number)
        return self.page(
            request,
            template,
            "version",
            title=str(version),
            version=version,
            fields=shown_fields(version),
            is_newest=template.current == version,
        )

    def diff_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What changed between two versions: `?before=1&after=3`."""
        template = self._template(request, pk)
        numbers = [request.GET.get(name, "") for name in ("before", "after")]
        if not all(is_id(number) for number in numbers):
            raise Http404(_("Choose two versions to compare."))
        before, after = (_version(template, int(number)) for number in numbers)
        changes = diff_fields(version_fields(before), version_fields(after))
        return self.page(
            request,
            template,
            "diff",
            title=f"{template.name}: v{before.number} → v{after.number}",
            before=before,
            after=after,
            changes=[
                (name, [(TONES.get(line[:1], "same"), line) for line in lines])
                for name, lines in changes.items()
            ],
        )

    def edit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The editor; saving makes a new version. `?from=2` begins with an old one."""
        template = self._template(request, pk)
        if not self.has_change_permission(request, template):
            raise PermissionDenied
        wanted = request.GET.get("from", "")
        version = _version(template, int(wanted)) if is_id(wanted) else template.current
        form = TemplateEditForm(
            request.POST or None, template=template, version=version
        )
        if request.method == "POST" and form.is_valid():
            saved = self._save(request, template, form)
            if saved is not None:
                return HttpResponseRedirect(
                    reverse("admin:trackers_template_change", args=[pk])
                )
        return self.page(
            request,
            template,
            "edit",
            title=_("Edit %(template)s") % {"template": template.name},
            here="edit",
            form=form,
            version=version,
        )

    def _save(
        self, request: HttpRequest, template: Template, form: TemplateEditForm
    ) -> TemplateVersion | None:
        before = template.current
        try:
            version = template_save(
                template,
                fields=form.sources,
                note=form.cleaned_data["note"],
                author_id=request.user.pk,
            )
        except AppError as exc:
            form.refuse(exc.extra.get("errors", ()), exc.message)
            return None
        except RenderingBroken as exc:
            form.add_error(None, str(exc))
            return None
        if before is not None and version.pk == before.pk:
            messages.info(
                request,
                _("Nothing changed: %(version)s says the same already.")
                % {"version": version},
            )
            return version
        self.log_change(request, template, f"Saved version {version.number}.")
        messages.success(
            request,
            _(
                "%(version)s is saved. What is not sent yet is rendered again by "
                "itself, and asks for approval again where it reads otherwise."
            )
            % {"version": version},
        )
        return version


def shown_fields(version: TemplateVersion) -> list[dict[str, Any]]:
    """Every field of a version, with those of its layout, as the pages show them."""
    return [
        {
            "name": name,
            "source": numbered(text),
            "is_part": name.startswith("_"),
            "is_own": name in version.fields,
        }
        for name, text in version_fields(version).items()
    ]


def _version(template: Template, number: int) -> TemplateVersion:
    return get_object_or_404(
        template.versions.select_related("author", "layout_version__template"),
        number=number,
    )


def _layout_moved(template: Template, newest: TemplateVersion) -> bool:
    """Whether the layout has a newer version than the one this template is bound to."""
    current = template.layout.current if template.layout else None
    return (current.pk if current else None) != newest.layout_version_id
