"""Herald's admin site: its first page is the dashboard."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from unfold.sites import UnfoldAdminSite

from config.admin_input import answer_odd_input


class HeraldAdminSite(UnfoldAdminSite):
    """The admin with Herald's dashboard. The side bar is in config/navigation.py."""

    index_title = "Dashboard"

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every view answers odd input with a sentence."""
        return super().admin_view(answer_odd_input(view), cacheable)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Also the pages that belong to no model."""
        from uploads.admin.analytics import analytics_page

        page = self.admin_view(analytics_page)
        return [path("analytics/", page, name="analytics"), *super().get_urls()]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """What waits, what runs, what is wrong, and how it went."""
        # Models are not ready yet when this module is loaded.
        from config.health import vital_signs
        from uploads.admin.dashboard import dashboard

        context = {
            "dashboard": dashboard(request.user),
            "vital_signs": vital_signs(),
            **(extra_context or {}),
        }
        answer: TemplateResponse = super().index(request, context)
        return answer
