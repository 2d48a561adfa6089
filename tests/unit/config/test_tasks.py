"""What workers are asked to do, when what it is about was deleted meanwhile."""

import inspect
import logging

import pytest
from django.db import connection

import releases.tasks
import uploads.tasks

pytestmark = pytest.mark.django_db
GONE = 999_999
WORDS = {"source": "tags"}
TASKS = {
    f"{module.__name__}.{name}": task
    for module in (releases.tasks, uploads.tasks)
    for name, task in inspect.getmembers(module, inspect.isfunction)
    if task.__module__ == module.__name__
}


def ids_of(task):
    """Its arguments, with the id of a row that is not there."""
    names = [
        name
        for name, one in inspect.signature(task).parameters.items()
        if one.kind == one.KEYWORD_ONLY and one.default is one.empty
    ]
    return {name: WORDS.get(name, GONE) for name in names}


@pytest.mark.parametrize("name", [name for name in TASKS if ids_of(TASKS[name])])
def test_a_task_about_a_deleted_row_does_nothing(name, caplog):
    caplog.set_level(logging.WARNING)
    TASKS[name](**ids_of(TASKS[name]))
    assert caplog.messages == []
    assert not connection.needs_rollback


def test_the_tasks_are_found():
    assert len([name for name in TASKS if ids_of(TASKS[name])]) >= 10
