"""Herald's admin site: its first page is the dashboard."""

from typing import Any, cast

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.sites import UnfoldAdminSite

from config.admin_input import answer_odd_input


class HeraldAdminSite(UnfoldAdminSite):
    """The admin with Herald's dashboard. The side bar is in config/navigation.py."""

    index_title = gettext_lazy("Dashboard")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every view answers odd input with a sentence."""
        return super().admin_view(answer_odd_input(view), cacheable)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Every model a person may see; found out only where a page shows them."""
        found = super().get_app_list
        return SimpleLazyObject(lambda: found(request, app_label))

    def extra_urls(self) -> list[URLPattern]:
        """The pages that belong to no model."""
        # Models are not ready yet when this module is loaded.
        from config.account.urls import account_urls
        from uploads.admin.analytics import analytics_page
        from uploads.admin.first_steps.views import first_step_urls
        from uploads.admin.queue.views import queue_urls

        return [
            path("login/code/", self.login_code, name="login_code"),
            path("analytics/", self.admin_view(analytics_page), name="analytics"),
            *account_urls(),
            *first_step_urls(self),
            *queue_urls(self),
        ]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """What waits, what runs, what is wrong, and how it went."""
        from config.health import vital_signs
        from uploads.admin.dashboard import dashboard
        from uploads.admin.first_steps.page import first_steps
        from uploads.admin.first_steps.state import setup_open

        live = request.headers.get("HX-Request") == "true"
        context = {
            "dashboard": dashboard(request.user, live=live),
            "vital_signs": vital_signs(),
            **(extra_context or {}),
        }
        if live:
            return TemplateResponse(request, "admin/dashboard/live.html", context)
        context["first"] = first_steps(request) if setup_open(request.user) else None
        answer: TemplateResponse = super().index(request, context)
        return answer

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Name and password; a second step for whoever has a second factor."""
        from config.account.signing_in import SignInForm, SignInView

        index = reverse("admin:index")
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(index)
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **(extra_context or {}),
        }
        if not {REDIRECT_FIELD_NAME} & {*request.GET, *request.POST}:
            context[REDIRECT_FIELD_NAME] = index
        request.current_app = self.name
        view = SignInView.as_view(
            extra_context=context,
            authentication_form=SignInForm,
            template_name="admin/login.html",
        )
        return cast(HttpResponse, view(request))

    def login_code(self, request: HttpRequest) -> HttpResponse:
        """The second step of a login."""
        from config.account.signing_in import code_view

        return code_view(request, self.each_context(request))

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """It is changed under “My account”, as all else of oneself."""
        return HttpResponseRedirect(reverse("admin:account"))

    password_change_done = password_change
