"""Where the pages of uploads are."""

from django.urls import reverse

LIST = "/admin/uploads/upload/"


def upload_url(name, upload):
    """The address of one upload's page or button, by its name in the admin."""
    return reverse(f"admin:uploads_upload_{name}", args=[upload.pk])
