"""The first page of the admin."""

from django.urls import reverse

INDEX = "admin:index"


def page(client):
    return client.get(reverse(INDEX))
