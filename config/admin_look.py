"""Herald's name, mark and colours in the admin (the UNFOLD setting)."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

MARK = "admin/herald/mark.svg"
# White on 600, 600 on white, and 500 on the dark ground all pass WCAG AA: a test
# computes it. unfold uses just these pairs for buttons and links.
PRIMARY = {
    "50": "#f0fdfa",
    "100": "#ccfbf1",
    "200": "#99f6e4",
    "300": "#5eead4",
    "400": "#2dd4bf",
    "500": "#14b8a6",
    "600": "#0f766e",
    "700": "#115e59",
    "800": "#134e4a",
    "900": "#0f3f3b",
    "950": "#042f2e",
}


def access_styles(request: HttpRequest) -> str:
    """Address of the rules for keyboards and screen readers."""
    return static("admin/herald/access.css")


def access_script(request: HttpRequest) -> str:
    """Address of the script for them."""
    return static("admin/herald/access.js")


def mark(request: HttpRequest) -> str:
    """Address of the mark."""
    return static(MARK)


def unfold_settings() -> dict[str, Any]:
    """What unfold is told; addresses are made per request, after static storage."""
    return {
        "SITE_TITLE": "Herald",
        "SITE_HEADER": "Herald",
        "SITE_URL": None,
        "SITE_ICON": mark,
        "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": mark}],
        "STYLES": [access_styles],
        "SCRIPTS": [access_script],
        "SHOW_HISTORY": True,
        "SHOW_VIEW_ON_SITE": False,
        "SHOW_BACK_BUTTON": True,
        "COLORS": {"primary": PRIMARY},
        "ACCOUNT": {
            "navigation": [
                {"title": _("My account"), "link": reverse_lazy("admin:account")}
            ]
        },
        "SIDEBAR": {"show_search": False, "navigation": "config.navigation.sidebar"},
    }
