"""The addresses below /admin/account/."""

from django.contrib import admin
from django.urls import URLPattern, path
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from config.account import factor_views, token_views, views


def account_urls() -> list[URLPattern]:
    """Everybody's own account; whoever may open the admin may open these."""
    look, both = require_GET, require_http_methods(["GET", "POST"])
    found = (
        ("", "account", look(views.account_view)),
        ("password/", "account_password", require_POST(views.password_view)),
        ("preferences/", "account_preferences", require_POST(views.preferences_view)),
        ("sessions/end/", "account_sessions_end", require_POST(views.sessions_view)),
        ("tokens/", "account_tokens", both(token_views.token_view)),
        (
            "tokens/revoke/",
            "account_token_revoke",
            require_POST(token_views.revoke_view),
        ),
        ("second-factor/", "second_factor", both(factor_views.factor_view)),
        ("second-factor/off/", "second_factor_off", both(factor_views.off_view)),
        ("second-factor/codes/", "second_factor_codes", both(factor_views.codes_view)),
    )
    return [
        path(f"account/{route}", admin.site.admin_view(view), name=name)
        for route, name, view in found
    ]
