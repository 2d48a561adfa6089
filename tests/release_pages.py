"""Addresses of one release's pages in the admin."""

from django.urls import reverse


def url(name, release, *args):
    return reverse(f"admin:releases_release_{name}", args=[release.pk, *args])


def url_of(release):
    return url("change", release)


def page(look, release, who="approver", **query):
    return look(who, url("change", release), **query)
