"""A person's sign-in, for admins: second factor and sessions, to be reset and ended."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from unfold.admin import ModelAdmin

from config.account.views import session_rows
from config.people.services.second_factor import codes_left, factor_of, factor_remove
from config.people.services.sessions import sessions_end, sessions_of


class SignInPages(ModelAdmin):
    """The addresses below a user."""

    def get_urls(self) -> list[URLPattern]:
        """The page, and its buttons' targets."""
        views = {
            "sign-in": ("signin", require_GET(self.signin_view)),
            "sign-in/reset-factor": ("reset_factor", require_POST(self.reset_view)),
            "sign-in/end-sessions": ("end_sessions", require_POST(self.end_view)),
        }
        own = [
            path(
                f"<int:pk>/{route}/",
                self.admin_site.admin_view(view),
                name=f"auth_user_{name}",
            )
            for route, (name, view) in views.items()
        ]
        return [*own, *super().get_urls()]

    def signin_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Second factor, backup codes and sessions of a person."""
        person = self._person(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": person,
            "title": _("Sign-in of %(name)s") % {"name": person.get_username()},
            "factor": factor_of(person),
            "codes_left": codes_left(person),
            "sessions": session_rows(sessions_of(person), request.session.session_key),
        }
        return TemplateResponse(request, "admin/auth/user/signin.html", context)

    def reset_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The person logs in with the password alone, and may set up another one."""
        person = self._person(request, pk)
        if factor_remove(person, actor=cast(User, request.user)):
            messages.success(
                request, _("The second factor of %(name)s is reset.") % {"name": person}
            )
        else:
            messages.info(request, _("There was no second factor."))
        return self._back(pk)

    def end_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End one session, or all but the one that asks."""
        count = sessions_end(
            self._person(request, pk),
            actor=cast(User, request.user),
            keep=request.session.session_key,
            handle=request.POST.get("session", ""),
        )
        messages.success(
            request, ngettext("%d session ended.", "%d sessions ended.", count) % count
        )
        return self._back(pk)

    def _person(self, request: HttpRequest, pk: int) -> User:
        person = get_object_or_404(User.objects.select_related("second_factor"), pk=pk)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        return person

    def _back(self, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:auth_user_signin", args=[pk]))
