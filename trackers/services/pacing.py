"""A session's transport that takes each question from the account's budget.

It never waits. A question that gets no slot raises BudgetSpent, and a look of several
questions goes on later from where it was, by the answers it has got so far.
"""

import base64
import hashlib
import io
from typing import Any

import requests
import urllib3

from common.http import MethodAdapter
from trackers.adapters.http import MAX_ANSWER_BYTES, READ_DEADLINE_S, read_bounded
from trackers.models import Credential
from trackers.services.budgets import BudgetSpent, budget_take
from trackers.types import Action

Answer = dict[str, Any]
# Nobody waits for what is asked aside, and a worker has other work.
ASIDE_TIMEOUT_S = 10.0
ASIDE_DEADLINE_S = 20.0
# What an adapter reads of an answer's head.
KEPT_HEADERS = ("Content-Type", "Date", "Location", "Retry-After")


class PacedAdapter(MethodAdapter):
    """Takes a slot for each request before it leaves, or raises BudgetSpent.

    `answers` are those of an earlier beginning of the same look: as long as the same
    questions are asked they are answered from there, and each new answer joins them.
    They may hold secrets. None: nothing is kept. `aside`: it waits for nobody for long,
    and leaves the budget's last slots to others.
    """

    def __init__(
        self,
        credential: Credential,
        action: Action,
        answers: list[Answer] | None,
        *,
        aside: bool = False,
    ) -> None:
        super().__init__(get_retries=0)
        self._aside = aside
        self._credential = credential
        self._action = action
        self._answers = answers
        self._asked = 0

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """As in requests."""
        if self._answers is None:
            return self._ask(request, *args, **kwargs)
        question = _question(request)
        known = self._answers[self._asked : self._asked + 1]
        if not known or known[0]["question"] != question:
            response = self._ask(request, *args, **kwargs)
            deadline = ASIDE_DEADLINE_S if self._aside else READ_DEADLINE_S
            read_bounded(response, MAX_ANSWER_BYTES, deadline)
            # Another question than last time: what came after it is another look's.
            del self._answers[self._asked :]
            self._answers.append(_kept(question, response))
        self._asked += 1
        return self.build_response(request, _raw(self._answers[self._asked - 1]))

    def _ask(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        if wait := budget_take(self._credential, self._action, aside=self._aside):
            raise BudgetSpent(wait)
        if self._aside:
            kwargs["timeout"] = (ASIDE_TIMEOUT_S, ASIDE_TIMEOUT_S)
        return super().send(request, *args, **kwargs)


def _question(request: requests.PreparedRequest) -> str:
    return hashlib.sha256(f"{request.method} {request.url}".encode()).hexdigest()


def _kept(question: str, response: requests.Response) -> Answer:
    headers = {
        name: response.headers[name]
        for name in KEPT_HEADERS
        if name in response.headers
    }
    return {
        "question": question,
        "status": response.status_code,
        "headers": headers,
        "body": base64.b64encode(response.content).decode(),
    }


def _raw(answer: Answer) -> urllib3.HTTPResponse:
    return urllib3.HTTPResponse(
        body=io.BytesIO(base64.b64decode(answer["body"])),
        headers=answer["headers"],
        status=answer["status"],
        preload_content=False,
    )
