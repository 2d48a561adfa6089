"""The row of views above the list: built-in ones, and each person's own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import AppError
from releases.admin.release_changes import ReleaseChanges
from releases.models import SavedView
from releases.services.saved_views import (
    view_delete,
    view_query,
    view_rename,
    view_save,
    views_of,
)


@dataclass(frozen=True, kw_only=True)
class ViewTab:
    """One view in the row; `view` is set for a person's own."""

    name: str
    url: str
    is_here: bool
    view: SavedView | None = None


class SavedViews(ReleaseChanges):
    """Where views are stored, and what the row shows."""

    def get_urls(self) -> list[URLPattern]:
        """Saving, renaming and deleting a view."""
        targets: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
            ("views/save/", self.view_save_view, "save"),
            ("views/<int:pk>/rename/", self.view_rename_view, "rename"),
            ("views/<int:pk>/delete/", self.view_delete_view, "delete"),
        )
        own = [
            path(
                where,
                self.admin_site.admin_view(require_POST(view)),
                name=f"releases_release_view_{name}",
            )
            for where, view, name in targets
        ]
        return [*own, *super().get_urls()]

    def built_in_views(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Names and query strings that everybody has."""
        return [(_("Everything"), "")]

    def views_context(self, request: HttpRequest) -> dict[str, Any]:
        """The row's tabs, and whether what is looked at now can be saved."""
        here = view_query(request.META.get("QUERY_STRING", ""))
        rows = [(name, query, None) for name, query in self.built_in_views(request)]
        own = [(one.name, one.query, one) for one in views_of(request.user.pk or 0)]
        url = reverse("admin:releases_release_changelist")
        tabs = [
            ViewTab(
                name=name,
                url=f"{url}?{query}" if query else url,
                is_here=view_query(query) == here,
                view=view,
            )
            for name, query, view in (*rows, *own)
        ]
        return {
            "view_tabs": tabs,
            "own_here": next(
                (one.view for one in tabs if one.is_here and one.view), None
            ),
            "view_query": "" if any(one.is_here for one in tabs) else here,
        }

    def view_save_view(self, request: HttpRequest) -> HttpResponse:
        """Keep the filters of the list under a name."""
        query = view_query(request.POST.get("query", ""))
        return self._changed(
            request,
            query,
            lambda user, name: view_save(user_id=user, name=name, query=query),
            _("The view is saved."),
        )

    def view_rename_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another name."""
        return self._changed(
            request,
            request.POST.get("query", ""),
            lambda user, name: view_rename(user_id=user, view_id=pk, name=name),
            _("The view is renamed."),
        )

    def view_delete_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """No longer in the row; the releases stay."""
        return self._changed(
            request,
            "",
            lambda user, name: view_delete(user_id=user, view_id=pk),
            _("The view is deleted."),
        )

    def _changed(
        self,
        request: HttpRequest,
        query: str,
        call: Callable[[int, str], object],
        done: str,
    ) -> HttpResponse:
        """Everybody who may look has views of their own, and only those."""
        if not self.has_view_permission(request) or request.user.pk is None:
            raise PermissionDenied
        try:
            call(request.user.pk, request.POST.get("name", ""))
        except AppError as exc:
            messages.error(request, exc.message)
        else:
            messages.success(request, done)
        url = reverse("admin:releases_release_changelist")
        wanted = view_query(query)
        return HttpResponseRedirect(f"{url}?{wanted}" if wanted else url)
