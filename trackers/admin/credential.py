"""Accounts in the admin: their values go in and never come out."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from common.deleting import doomed
from common.errors import AppError
from common.spoken import spoken
from trackers.admin.budget import budget_text
from trackers.admin.credential_form import CredentialForm, stored_names
from trackers.admin.credential_list import CredentialList, state_chip, turn_text
from trackers.models import Credential, RequestBudget, Tracker
from trackers.permissions import CHANGE, credential_changes, may_own, may_share
from trackers.registry import get_adapter_class
from trackers.services.credentials import (
    credential_pause,
    credential_resume,
    credential_test,
    credential_update,
)


def tell_test(request: HttpRequest, credential: Credential) -> None:
    """Test an account, and say on the page what the site answered."""
    result = credential_test(credential)
    say = messages.success if result.ok else messages.error
    say(request, f"{credential}: {spoken(result.message)}")
    if result.ok and credential.paused_by_hand:
        messages.info(request, _("It stays paused until somebody presses Resume."))
    for warning in result.warnings:
        messages.warning(request, f"{credential}: {spoken(warning)}")


class BaseCredentialAdmin(CredentialList):
    """Add and change have a form of their own: it is made from the family's fields.

    uploads/admin adds what waits for an account, and registers it.
    """

    def what_stops(self, rows: Sequence[Credential], *, deleted: bool) -> list[str]:
        """What cannot be sent without these accounts, each a sentence; uploads knows."""
        return []

    def get_urls(self) -> list[URLPattern]:
        """Also the buttons' targets."""
        views = {
            "test": self.test_view,
            "pause": self.pause_view,
            "resume": self.resume_view,
        }
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"trackers_credential_{name}",
            )
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    # --- who may -------------------------------------------------------------------
    def has_add_permission(self, request: HttpRequest) -> bool:
        """Shared ones by admins, one's own by whoever prepares or approves."""
        return may_share(request.user) or may_own(request.user)

    def has_change_permission(
        self, request: HttpRequest, obj: Credential | None = None
    ) -> bool:
        """Admins, and the owner."""
        if obj is None:
            return request.user.has_perm(CHANGE) or may_own(request.user)
        return credential_changes(request.user, obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: Credential | None = None
    ) -> bool:
        """Whoever may change it, row by row."""
        if request.user.has_perm("trackers.delete_credential"):
            return True
        return obj is not None and credential_changes(request.user, obj)

    # --- add and change ------------------------------------------------------------
    @method_decorator(sensitive_post_parameters())
    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """First the tracker, then what its family asks for."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        own = request.GET.get("own") == "1" or not may_share(request.user)
        trackers = list(Tracker.objects.order_by("name"))
        wanted = request.GET.get("tracker", "")
        chosen = [row for row in trackers if str(row.pk) == wanted]
        if not chosen and len(trackers) == 1:
            chosen = trackers
        if not chosen:
            return self._page(
                request,
                "choose",
                title=_("Add an account of my own") if own else _("Add credential"),
                rows=trackers,
                own=own,
                may_own=may_own(request.user) and not own,
            )
        form = CredentialForm(
            request.POST or None,
            instance=Credential(
                tracker=chosen[0], owner_id=request.user.pk if own else None
            ),
        )
        if request.method == "POST" and form.is_valid() and self._save(request, form):
            self.log_addition(request, form.instance, [{"added": {}}])
            messages.success(
                request,
                _("%(account)s is stored. Press Test to see that it works.")
                % {"account": form.instance},
            )
            return self._back(form.instance.pk)
        title = (
            _("Add an account of my own at %(tracker)s")
            if own
            else _("Add credential for %(tracker)s")
        ) % {"tracker": chosen[0]}
        return self._page(request, "form", title=title, form=form, tracker=chosen[0])

    @method_decorator(sensitive_post_parameters())
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """State, buttons, and the form with empty secrets."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            messages.error(request, _("There is no such credential any more."))
            return HttpResponseRedirect(reverse("admin:trackers_credential_changelist"))
        may_change = self.has_change_permission(request, row)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        form = CredentialForm(request.POST or None, instance=row)
        if request.method == "POST" and form.is_valid() and self._save(request, form):
            if form.changed_labels:
                change = {"changed": {"fields": form.changed_labels}}
                self.log_change(request, row, [change])
            messages.success(request, _("%(account)s is saved.") % {"account": row})
            return self._back(row.pk)
        if request.method == "POST":
            # What the form could not save stays in the form, not in the page's facts.
            row = get_object_or_404(
                Credential.objects.select_related("tracker"), pk=row.pk
            )
        return self._page(
            request,
            "form",
            title=str(row),
            form=form if may_change else None,
            tracker=row.tracker,
            object=row,
            original=row,
            **self._facts(request, row),
        )

    def _facts(self, request: HttpRequest, row: Credential) -> dict[str, Any]:
        adapter = get_adapter_class(row.tracker.family)
        stored = stored_names(row)
        return {
            "state": state_chip(row),
            "budget": budget_text(row),
            "turn": turn_text(row),
            "readable": row.values.readable,
            "values_there": [
                (_(known.label), known.name in stored, known.required)
                for known in adapter.credential_fields
            ],
            "may_change": self.has_change_permission(request, row),
            "may_delete": self.has_delete_permission(request, row),
            "stops": [] if row.paused_at else self.what_stops([row], deleted=False),
        }

    def _save(self, request: HttpRequest, form: CredentialForm) -> bool:
        try:
            with transaction.atomic():
                row = form.save(commit=False)
                # Only its own columns: the secrets may have changed meanwhile.
                row.save(update_fields=form.Meta.fields if row.pk else None)
                credential_update(row, form.given)
        except AppError as exc:
            messages.error(request, exc.message)
            return False
        return True

    def _page(self, request: HttpRequest, name: str, **facts: Any) -> TemplateResponse:
        form = facts.get("form")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media + form.media if form else self.media,
            **facts,
        }
        return TemplateResponse(
            request, f"admin/trackers/credential/{name}.html", context
        )

    def _back(self, pk: int) -> HttpResponseRedirect:
        return HttpResponseRedirect(
            reverse("admin:trackers_credential_change", args=[pk])
        )

    # --- buttons -------------------------------------------------------------------
    def _row(self, request: HttpRequest, pk: int) -> Credential:
        rows = self.get_queryset(request).select_related("tracker", "owner")
        row: Credential = get_object_or_404(rows, pk=pk)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the site who this account is; a good answer ends the pause of a refusal."""
        tell_test(request, self._row(request, pk))
        return self._back(pk)

    def pause_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Use it no more until somebody resumes it."""
        row = self._row(request, pk)
        credential_pause(row, f"Paused by {request.user.get_username()}.", by_hand=True)
        self.log_change(request, row, "Paused.")
        messages.success(
            request, _("%(account)s is paused; no worker uses it.") % {"account": row}
        )
        for sentence in self.what_stops([row], deleted=False):
            messages.warning(request, sentence)
        return self._back(pk)

    def resume_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Use it again."""
        row = self._row(request, pk)
        credential_resume(row)
        self.log_change(request, row, "Resumed.")
        messages.success(
            request, _("%(account)s may be used again.") % {"account": row}
        )
        return self._back(pk)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Its budget goes with it, which nobody may delete by itself."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        lacking.discard(RequestBudget._meta.verbose_name)
        warnings = self.what_stops(list(objs), deleted=True)
        return doomed(found, warnings), counts, lacking, protected
