"""What is translated: German as proof, and who gets which language."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.template import engines
from django.test import Client
from django.urls import reverse

from config.people.models import Preferences

ROOT = Path(settings.BASE_DIR)
GERMAN = ROOT / "locale" / "de" / "LC_MESSAGES"


def catalogue():
    return read_po(BytesIO((GERMAN / "django.po").read_bytes()), locale="de")


def test_every_text_has_its_german():
    lacking = [one.id for one in catalogue() if one.id and not one.string]
    assert lacking == []
    assert not [one.id for one in catalogue() if one.fuzzy]


def test_placeholders_are_the_same_in_both():
    def names(text):
        parts = (text,) if isinstance(text, str) else text
        return {
            name for part in parts for name in re.findall(r"%(?:\(\w+\))?[sd]", part)
        }

    wrong = [
        one.id for one in catalogue() if one.id and names(one.id) != names(one.string)
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_texts():
    compiled = BytesIO()
    write_mo(compiled, catalogue())
    assert (GERMAN / "django.mo").read_bytes() == compiled.getvalue()


@pytest.mark.django_db
def test_a_person_reads_german_who_wants_it(client, people):
    client.force_login(people["viewer"])
    account = reverse("admin:account")
    assert "My account" in client.get(account).content.decode()
    Preferences.objects.create(user=people["viewer"], language="de")
    assert "Wo Sie angemeldet sind" in client.get(account).content.decode()
    german = {"HTTP_ACCEPT_LANGUAGE": "de"}
    Preferences.objects.update(language="en")
    assert "Where you are signed in" in client.get(account, **german).content.decode()


@pytest.mark.django_db
def test_the_browsers_wish_counts_before_the_login():
    page = Client().get("/nothing/", headers={"accept-language": "de"})
    assert "Zur Übersicht" in page.content.decode()
    assert '<html lang="de">' in page.content.decode()


@pytest.mark.django_db
def test_programs_are_answered_in_english(client, people):
    german = {"accept-language": "de"}
    answer = Client().post(
        "/api/auth/login/",
        {"username": "x"},
        content_type="application/json",
        headers=german,
    )
    assert answer.json()["extra"]["fields"]["password"] == ["This field is required."]


def test_the_error_page_needs_no_request():
    text = engines["django"].get_template("500.html").render({})
    assert "Herald made a mistake" in text
