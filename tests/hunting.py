"""Looks for secrets in whatever Herald wrote, in every spelling they may have there."""

import base64
import html
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from django.conf import settings
from django.db import connection
from django_q.brokers import get_broker
from django_q.models import OrmQ, Task
from django_q.signing import SignedPackage

Place = tuple[str, bytes]


def spellings(secret: str) -> dict[str, bytes]:
    """Each way a text may be written down, by name."""
    raw = secret.encode()
    found = {
        "plain": raw,
        "quoted": quote(secret).encode(),
        "fully quoted": quote(secret, safe="").encode(),
        "as a form": quote_plus(secret).encode(),
        "quoted twice": quote(quote(secret, safe=""), safe="").encode(),
        "JSON": json.dumps(secret)[1:-1].encode(),
        "JSON with slashes": json.dumps(secret)[1:-1].replace("/", "\\/").encode(),
        "Python": repr(secret)[1:-1].encode(),
        "HTML": html.escape(secret).encode(),
        "hex": raw.hex().encode(),
        "reversed": raw[::-1],
    }
    for offset in range(3):
        # What comes before a secret shifts its base64; the edges mix with neighbours.
        encoded = base64.b64encode(bytes(offset) + raw + bytes(3))
        middle = encoded[4 if offset else 0 : (offset + len(raw)) * 4 // 3 - 1]
        found[f"base64 at {offset}"] = middle
        found[f"URL base64 at {offset}"] = middle.translate(
            bytes.maketrans(b"+/", b"-_")
        )
    return found


def leaks(secrets: dict[str, str], places: Iterable[Place]) -> list[str]:
    """Which secret stands where, and how; without the secret itself."""
    wanted = [
        (name, way, text.lower())
        for name, secret in secrets.items()
        for way, text in spellings(secret).items()
    ]
    return sorted(
        {
            f"{name} in {where} ({way})"
            for where, content in places
            for name, way, text in wanted
            if text in content.lower()
        }
    )


def database() -> Iterator[Place]:
    """Every row of every table as text, and the file itself where there is one."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for number, row in enumerate(cursor.fetchall()):
                yield f"table {table}, row {number}", b"\n".join(map(_bytes, row))
    if connection.vendor == "sqlite":
        for suffix in ("", "-wal"):
            file = Path(f"{connection.settings_dict['NAME']}{suffix}")
            if file.exists():
                yield f"database file {suffix or 'itself'}", content(file)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False).encode()
    return str(value).encode()


def queue() -> Iterator[Place]:
    """What django-q2 keeps, unpacked: waiting tasks, and those that failed."""
    for row in OrmQ.objects.all():
        yield f"waiting task {row.pk}", repr(row.task).encode()
    for task in Task.objects.all():
        text = repr((task.func, task.args, task.kwargs, task.result, task.group))
        yield f"finished task {task.pk}", text.encode()
    if settings.BROKER_URL:
        broker = get_broker()
        for package in broker.connection.lrange(broker.list_key, 0, -1):
            yield "waiting task in Redis", repr(SignedPackage.loads(package)).encode()


def files(folder: Path) -> Iterator[Place]:
    """Every file below a folder, and its name."""
    for file in sorted(folder.rglob("*")):
        yield f"file name {file}", str(file).encode()
        if file.is_file():
            yield f"file {file}", content(file)


def content(file: Path) -> bytes:
    """A file's bytes, read by another process when it may be SQLite's.

    A process that closes any descriptor of a file loses all its locks on it. SQLite
    would go on without them, and the next process to leave would take its log away.
    """
    if "sqlite3" not in file.name:
        return file.read_bytes()
    program = "import sys, shutil; shutil.copyfileobj(open(sys.argv[1], 'rb'), sys.stdout.buffer)"
    command = [sys.executable, "-c", program, str(file)]
    return subprocess.run(command, check=True, capture_output=True).stdout
