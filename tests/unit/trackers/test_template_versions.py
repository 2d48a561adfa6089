"""Versions of templates, saved by several people."""

import threading
import time

import pytest
from django.db import connections, transaction

from trackers.models import Template
from trackers.services.templates import template_save


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_the_same_moment_get_a_version_each():
    template = Template.objects.create(slug="own", name="Own", family="gazelle")

    def save():
        template_save(template, fields={"title": "second"})
        connections.close_all()

    other = threading.Thread(target=save)
    with transaction.atomic():
        template_save(template, fields={"title": "first"})
        other.start()
        time.sleep(0.5)  # until it waits for this transaction
    other.join()

    texts = [one.fields["title"] for one in template.versions.order_by("number")]
    assert texts == ["first", "second"]
