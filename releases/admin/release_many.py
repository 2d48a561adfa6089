"""Adding many releases: where they lie, what was found there, and one click."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from common.errors import AppError
from common.permissions import require
from releases.admin.acting import MOST_SENTENCES, actor_id
from releases.admin.release_list import ReleaseList
from releases.admin.release_views import PREPARE
from releases.models import Library, Release
from releases.services.batch import (
    BatchAnswer,
    batch_create,
    batch_look,
    batch_paths,
    check_count,
)

LARGEST_LIST = 1_000_000
ORDER = {"found": 0, "refused": 1, "exists": 2}


class ManyForm(forms.Form):
    """Where the releases lie: in a folder, in a list, or both."""

    parent = forms.CharField(
        label=gettext_lazy("Folder with releases in it"),
        max_length=3000,
        strip=False,
        required=False,
        widget=UnfoldAdminTextInputWidget({"spellcheck": "false"}),
        help_text=gettext_lazy(
            "Absolute path. Each folder and each single file in it is one release."
        ),
    )
    paths = forms.CharField(
        label=gettext_lazy("Paths, one a line"),
        max_length=LARGEST_LIST,
        strip=False,
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 6, "spellcheck": "false"}),
    )
    list_file = forms.FileField(
        label=gettext_lazy("A file with such lines"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("Find out from the files")), *Release.Kind.choices],
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )
    trackers = forms.MultipleChoiceField(
        label=gettext_lazy("Trackers"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=gettext_lazy(
            "None chosen: every active tracker that takes this kind."
        ),
    )

    def __init__(
        self, *args: Any, trackers: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        """`trackers` are the slugs and names to choose from."""
        super().__init__(*args, **kwargs)
        choose = self.fields["trackers"]
        assert isinstance(choose, forms.MultipleChoiceField)  # noqa: S101 - typing
        choose.choices = list(trackers)

    def clean_list_file(self) -> str:
        """The file's text, or ""."""
        file = self.cleaned_data.get("list_file")
        if not file:
            return ""
        if file.size > LARGEST_LIST:
            raise forms.ValidationError(
                _("This file is too large for a list of paths. Choose another one.")
            )
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as exc:
            raise forms.ValidationError(
                _("This file is no text in UTF-8. Choose the list of paths.")
            ) from exc
        return text

    def wanted(self) -> list[str]:
        """Every path that was meant, each once. Raises AppError for the folder."""
        given = self.cleaned_data
        lines = f"{given['paths']}\n{given['list_file']}".splitlines()
        paths = [line for line in lines if line.strip()]
        if given["parent"].strip():
            paths += batch_paths(given["parent"])
        found = list(dict.fromkeys(paths))
        check_count(len(found))
        return found


class ReleaseMany(ReleaseList):
    """Adds the page "Add many" to that of the list."""

    def tracker_choices(self) -> list[tuple[str, str]]:
        """Slugs and names to choose from; uploads knows them."""
        return []

    def get_urls(self) -> list[URLPattern]:
        """Also the page's own address."""
        view = self.admin_site.admin_view(self.many_view)
        return [
            path("add-many/", view, name="releases_release_add_many"),
            *super().get_urls(),
        ]

    def many_view(self, request: HttpRequest) -> HttpResponse:
        """Ask where they lie; show what was found; make releases of what is ticked."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        posted = request.method == "POST"
        form = ManyForm(
            request.POST if posted else None,
            request.FILES if posted else None,
            trackers=self.tracker_choices(),
        )
        found: list[BatchAnswer] | None = None
        if posted and form.is_valid():
            try:
                require(request.user, PREPARE, _("prepare releases"))
                if "create" in request.POST:
                    return self._create_many(request, form)
                kind = form.cleaned_data["kind"]
                found = batch_look(form.wanted(), kind=kind)
                found.sort(key=lambda one: ORDER[one.result])
            except AppError as exc:
                form.add_error(None, exc.message)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add many releases"),
            "opts": self.opts,
            "form": form,
            "found": found,
            "addable": sum(one.result == "found" for one in found or ()),
            "libraries": Library.objects.all(),
            "media": self.media + form.media,
        }
        return TemplateResponse(
            request, "admin/releases/release/add_many.html", context
        )

    def _create_many(self, request: HttpRequest, form: ManyForm) -> HttpResponse:
        answers = batch_create(
            request.POST.getlist("path"),
            kind=form.cleaned_data["kind"],
            targets=form.cleaned_data["trackers"],
            actor_id=actor_id(request),
        )
        made = sum(one.result == "created" for one in answers)
        if made:
            messages.success(
                request,
                ngettext(
                    "%(count)d release was added and is being prepared.",
                    "%(count)d releases were added and are being prepared.",
                    made,
                )
                % {"count": made},
            )
        others = [one.message for one in answers if one.result != "created"]
        for sentence in others[:MOST_SENTENCES]:
            messages.warning(request, sentence)
        if len(others) > MOST_SENTENCES:
            rest = len(others) - MOST_SENTENCES
            messages.warning(
                request, _("%(count)d more were not added.") % {"count": rest}
            )
        return HttpResponseRedirect(reverse("admin:releases_release_changelist"))
