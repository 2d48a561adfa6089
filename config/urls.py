"""Where everything is served."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import DefaultRouter

from config.api import NothingHereView
from config.health import healthz, readyz
from config.tokens import LoginView, LogoutView, TokenViewSet
from releases.api.intake import WatchFolderViewSet
from releases.api.saved_views import SavedViewSet
from releases.api.views import LibraryViewSet, TorrentClientViewSet
from trackers.api.views import CredentialViewSet, TrackerViewSet
from uploads.api.analytics import (
    ErrorsView,
    HistoryView,
    TemplatesView,
    TrackerFiguresView,
)
from uploads.api.hooks import DeliveryViewSet, WebhookViewSet
from uploads.api.rules import RuleViewSet
from uploads.api.templates import PreviewedTemplateViewSet
from uploads.api.views import DecidedReleaseViewSet, UploadViewSet

router = DefaultRouter()
router.register("releases", DecidedReleaseViewSet, basename="release")
router.register("uploads", UploadViewSet, basename="upload")
router.register("trackers", TrackerViewSet, basename="tracker")
router.register("credentials", CredentialViewSet, basename="credential")
router.register("templates", PreviewedTemplateViewSet, basename="template")
router.register("libraries", LibraryViewSet, basename="library")
router.register("approval-rules", RuleViewSet, basename="approvalrule")
router.register("watch-folders", WatchFolderViewSet, basename="watchfolder")
router.register("clients", TorrentClientViewSet, basename="client")
router.register("saved-views", SavedViewSet, basename="savedview")
router.register("webhooks", WebhookViewSet, basename="webhook")
router.register("deliveries", DeliveryViewSet, basename="delivery")
router.register("auth/tokens", TokenViewSet, basename="token")

api: list[URLPattern | URLResolver] = [
    path("", include(router.urls)),
    path("analytics/trackers/", TrackerFiguresView.as_view(), name="figures"),
    path("analytics/errors/", ErrorsView.as_view(), name="figures-errors"),
    path("analytics/history/", HistoryView.as_view(), name="figures-history"),
    path("analytics/templates/", TemplatesView.as_view(), name="figures-templates"),
    path("auth/login/", LoginView.as_view(), name="login"),
    path("auth/logout/", LogoutView.as_view(), name="logout"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
    re_path("", NothingHereView.as_view(), name="nothing"),
]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("admin/", admin.site.urls),
    path("api/", include((api, "api"))),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
