"""Herald's admin site: its first page is the dashboard."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from unfold.sites import UnfoldAdminSite

from config.admin_input import answer_odd_input


class HeraldAdminSite(UnfoldAdminSite):
    """The admin with Herald's dashboard. The side bar is in config/navigation.py."""

    index_title = "Dashboard"

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every view answers odd input with a sentence."""
        return super().admin_view(answer_odd_input(view), cacheable)

    def get_urls(self) -> list[Any]:
        """Also the pages that belong to no model."""
        from uploads.admin.first_steps.views import first_step_urls
        from uploads.admin.queue.views import queue_urls

        return [*first_step_urls(self), *queue_urls(self), *super().get_urls()]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """What waits, what runs, what is wrong, and how it went."""
        # Models are not ready yet when this module is loaded.
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
