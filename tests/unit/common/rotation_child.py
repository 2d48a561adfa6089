"""Rotates the tests' table in a process of its own, which may be killed."""

import sys

import django

if __name__ == "__main__":
    django.setup()

    from common.rotation import rotate
    from tests.unit.common.vault_rows import VaultRow, create_table

    if sys.argv[1] == "create":
        create_table()
    else:
        result = rotate(tables=[VaultRow])
        print(result.seen, result.rotated, len(result.unreadable), flush=True)  # noqa: T201
