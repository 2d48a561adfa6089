"""Every call with made-up values: no crash, and no answer that is not described.

The description is our promise to programs. Each operation is asked by an admin's, an
approver's and a viewer's token; what it says must be as the schema has it: status,
format and body.
"""

import itertools

import pytest
import schemathesis
from django.core.cache import cache
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.access import token_issue
from config.wsgi import application

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("open_connection"),
]

EXAMPLES = 5
# Of the many borders that are tried for each field: the first ones, then some.
ALL_OF, ONE_OF = 12, 4
ROLES = ("viewer", "approver", "admin")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPEN = ("/api/schema/", "/api/auth/login/")
# What would take the token away that the other examples need.
SPARED = "/api/auth/(logout|tokens)"

described = SchemaGenerator().get_schema(public=True)
schema = schemathesis.openapi.from_dict(described)
schema.app = application


@pytest.fixture
def tokens(people):
    """A token of each role."""
    return [token_issue(people[role])[1] for role in ROLES]


@pytest.fixture
def turns():
    """Counts the examples of one operation: after the first ones roles take turns."""
    return itertools.count()


@schema.exclude(path_regex=SPARED).parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case, tokens, turns, rows):
    turn = next(turns)
    if turn >= ALL_OF and turn % ONE_OF:
        return
    cache.clear()  # nobody is slowed down
    kind = case.path.removeprefix("/api/").split("/")[0]
    number = case.path_parameters.get("id")
    if isinstance(number, int) and number % 4:
        case.path_parameters["id"] = rows[kind].pk
    for token in tokens if turn < len(tokens) else [tokens[turn % len(tokens)]]:
        answer = case.call(headers={"Authorization": f"Token {token}"})
        assert answer.status_code != 401
        case.validate_response(answer, checks=CHECKS)


def test_nobody_and_a_wrong_token_are_answered_as_described(db):
    for headers in ({}, {"Authorization": "Token nonsense"}):
        for found in schema:
            if found in OPEN:
                continue
            for operation in schema[found].values():
                case = operation.Case(
                    path_parameters={"id": 1} if "{id}" in found else {}
                )
                answer = case.call(headers=headers)
                assert answer.status_code == 401, operation.label
                case.validate_response(answer, checks=CHECKS)
