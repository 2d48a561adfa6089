"""The authenticator app and the backup codes."""

import pytest
from django.db import connection
from django.utils import timezone

from common.errors import AppError
from config.people.errors import CodeWrong, LoginLocked
from config.people.models import BackupCode, SecondFactor
from config.people.services.second_factor import (
    code_check,
    codes_left,
    codes_renew,
    factor_address,
    factor_begin,
    factor_confirm,
    factor_of,
    factor_remove,
)
from tests.unit.config.people.conftest import App, enrol

pytestmark = pytest.mark.django_db


def columns(model):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608
        return str(cursor.fetchall())


def test_neither_key_nor_codes_are_stored_plainly(person, enrolled):
    _app, codes = enrolled
    key = SecondFactor.objects.get().secret["key"]
    assert len(key) == 32
    assert key not in columns(SecondFactor)
    assert "g1$" in columns(SecondFactor)
    for code in codes:
        assert code not in columns(BackupCode)
        assert code.replace("-", "") not in columns(BackupCode)
    assert len(set(codes)) == 10


def test_looking_twice_shows_the_same_key(person):
    assert factor_begin(person).secret["key"] == factor_begin(person).secret["key"]


def test_nothing_counts_before_a_first_code(person):
    row = factor_begin(person)
    person.refresh_from_db()
    assert factor_of(person) is None
    with pytest.raises(CodeWrong):
        factor_confirm(person, "abcdef")
    assert codes_left(person) == 0
    factor_confirm(person, App(row.secret["key"]).code())
    person.refresh_from_db()
    assert factor_of(person) == row
    with pytest.raises(AppError, match="on already"):
        factor_begin(person)


def test_the_address_is_what_apps_read(person):
    row = factor_begin(person)
    assert factor_address(row) == (
        f"otpauth://totp/Herald%3Apat?secret={row.secret['key']}&issuer=Herald"
    )


def test_a_code_of_the_neighbouring_half_minute_counts_and_no_other(person, enrolled):
    app, _codes = enrolled
    with pytest.raises(CodeWrong):
        code_check(person, app.code(3))
    code_check(person, app.code(1))
    with pytest.raises(CodeWrong):
        code_check(person, app.code(0))  # older than the one that was taken


def test_wrong_codes_make_the_next_one_wait(person, enrolled):
    app, _codes = enrolled
    for _one in range(2):
        with pytest.raises(CodeWrong):
            code_check(person, "999999x")
    with pytest.raises(CodeWrong):
        code_check(person, "999999x")
    with pytest.raises(LoginLocked) as caught:
        code_check(person, app.code())
    assert caught.value.extra["retry_after"] >= 1
    SecondFactor.objects.update(wait_until=timezone.now())
    code_check(person, app.code())
    row = SecondFactor.objects.get()
    assert (row.failures, row.wait_until) == (0, None)


def test_the_wait_has_an_end(person, enrolled):
    SecondFactor.objects.update(failures=500)
    with pytest.raises(CodeWrong):
        code_check(person, "wrong")
    until = SecondFactor.objects.get().wait_until
    assert until is not None
    wait = until - timezone.now()
    assert 890 < wait.total_seconds() <= 900


def test_new_backup_codes_end_the_old(person, enrolled):
    _app, old = enrolled
    new = codes_renew(person)
    with pytest.raises(CodeWrong):
        code_check(person, old[0])
    code_check(person, new[0])
    assert codes_left(person) == 9


def test_codes_of_another_person_open_nothing(person, enrolled, people):
    _app, theirs = enrol(people["viewer"])
    with pytest.raises(CodeWrong):
        code_check(person, theirs[0])


def test_backup_codes_need_a_second_factor(person):
    with pytest.raises(AppError, match="Set up"):
        codes_renew(person)


def test_it_can_be_taken_away_and_set_up_anew(person, enrolled, people):
    assert factor_remove(person, actor=people["admin"])
    assert not factor_remove(person, actor=people["admin"])
    assert not BackupCode.objects.exists()
    event = person.account_events.get(kind="factor_off")
    assert event.actor == people["admin"]
    person.refresh_from_db()
    enrol(person)
