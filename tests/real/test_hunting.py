"""The hunt for secrets must be able to find something."""

import json

import pytest
from django.apps import apps
from django_q.models import OrmQ

from tests import factories
from tests.hunting import database, files, leaks, queue, spellings
from tests.planting import SECRETS

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.qbittorrent,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]


@pytest.mark.parametrize("way", list(spellings("x" * 20)))
def test_each_spelling_is_found(way):
    secret = "planted/ähnlich+<secret>=&\"'"
    content = b"before " + spellings(secret)[way] + b" after"
    assert any(f"({way})" in leak for leak in leaks({"it": secret}, [("x", content)]))
    assert leaks({"it": secret}, [("x", b"before and after")]) == []


def test_a_leak_is_found_wherever_it_is(tmp_path):
    # One of its own: SQLite keeps what was deleted until the page is used again.
    secret = "planted-LEAK-key/7c+Uq=&x"
    planted = {"the leak": secret}
    factories.ReleaseFactory(title=f"Oh no: {secret}")
    assert any("table releases_release" in leak for leak in leaks(planted, database()))
    OrmQ.objects.create(
        key="x",
        payload=_package({"func": "f", "args": (), "kwargs": {"oops": secret}}),
        lock="2020-01-01T00:00:00Z",
    )
    assert any("waiting task" in leak for leak in leaks(planted, queue()))
    (tmp_path / "note").write_text(json.dumps({"key": secret}), encoding="utf-8")
    assert any("file " in leak for leak in leaks(planted, files(tmp_path)))


def _package(task):
    from django_q.signing import SignedPackage

    return SignedPackage.dumps(task)


def test_an_encrypted_row_is_no_leak():
    factories.CredentialFactory(values={"api_key": SECRETS["RED's key"]})
    assert leaks(SECRETS, database()) == []
    assert apps.get_model("trackers.Credential").objects.get().values["api_key"]
