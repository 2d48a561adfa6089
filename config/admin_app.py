"""Puts Herald's own site in the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class HeraldAdminConfig(AdminConfig):
    """Makes every admin class register with Herald's own site."""

    default = False
    default_site = "config.admin_site.HeraldAdminSite"
