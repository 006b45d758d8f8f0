"""Waiting as Azure asks, through the SDK's own pipeline, without waiting for real."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import pytest
from azure.core.exceptions import ServiceRequestError
from azure.core.pipeline import Pipeline
from azure.core.pipeline.transport import HttpTransport
from azure.core.rest import HttpRequest

from ingestion.azure.throttling import Patience, PatientRetries

Answered = tuple[int, Mapping[str, str]]
OK: Answered = (200, {})


class Clock:
    """Time that passes by sleeping alone."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def now(self) -> float:
        return sum(self.slept)


class Response:
    """Status and headers."""

    def __init__(self, status_code: int, headers: Mapping[str, str]) -> None:
        self.status_code = status_code
        self.headers = headers


class Scripted(HttpTransport[Any, Any]):
    """Answers what it was told to, the last one for ever."""

    def __init__(self, answers: Sequence[Answered | Exception]) -> None:
        self._answers = list(answers)

    def send(self, request: Any, **_: Any) -> Any:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return Response(*answer)

    def open(self) -> None:
        pass

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def patience(clock: Clock) -> Patience:
    return Patience(sleep=clock.sleep, clock=clock.now)


def send(patience: Patience, *answers: Answered | Exception, times: int = 1) -> int:
    pipeline = Pipeline[Any, Any](Scripted(answers), [PatientRetries(patience)])
    with pipeline:
        for _ in range(times):
            response = pipeline.run(HttpRequest("POST", "https://example.invalid/"))
    status: int = response.http_response.status_code
    return status


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17.0),
        ({"x-ms-user-quota-resets-after": "00:01:05"}, 65.0),
        ({"x-ms-ratelimit-microsoft.insights-entity-retry-after": "9"}, 9.0),
        ({"Retry-After": "3", "x-ms-user-quota-resets-after": "00:00:05"}, 5.0),
    ],
)
def test_a_refusal_is_waited_out_as_its_headers_ask(
    patience: Patience, clock: Clock, headers: Mapping[str, str], seconds: float
) -> None:
    assert send(patience, (429, headers), OK) == 200
    assert clock.slept == [seconds]


def test_without_a_header_the_waits_grow(patience: Patience, clock: Clock) -> None:
    assert send(patience, (503, {}), (529, {}), (429, {}), OK) == 200
    assert [1 <= clock.slept[0] <= 2, 2 <= clock.slept[1] <= 4, 4 <= clock.slept[2] <= 8] == [
        True
    ] * 3


def test_minutes_of_refusals_are_endured(patience: Patience, clock: Clock) -> None:
    refusals = [(429, {"Retry-After": "60"})] * 4

    assert send(patience, *refusals, OK) == 200
    assert sum(clock.slept) == 240


def test_refusals_without_end_are_given_up_once_for_the_whole_scan(
    patience: Patience, clock: Clock
) -> None:
    assert send(patience, (429, {"Retry-After": "60"}), times=3) == 429
    assert sum(clock.slept) == 300


def test_an_answer_restores_patience(patience: Patience, clock: Clock) -> None:
    minutes = [(429, {"Retry-After": "200"})]

    assert send(patience, *minutes, OK, *minutes, OK, times=2) == 200
    assert sum(clock.slept) == 400


def test_an_empty_quota_is_waited_for_before_the_next_request(
    patience: Patience, clock: Clock
) -> None:
    used_up = {"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:05"}

    assert send(patience, (200, used_up), OK, times=2) == 200
    assert clock.slept == [5.0]


def test_what_cannot_be_reached_is_tried_again(patience: Patience) -> None:
    assert send(patience, ServiceRequestError("no route"), OK) == 200


def test_what_stays_out_of_reach_is_told(patience: Patience, clock: Clock) -> None:
    with pytest.raises(ServiceRequestError):
        send(patience, ServiceRequestError("no route"))

    assert 200 < sum(clock.slept) <= 300


def test_every_request_is_counted(patience: Patience) -> None:
    with patience.counted() as calls:
        send(patience, (429, {"Retry-After": "1"}), OK, times=2)
        assert calls() == 3


def test_other_refusals_are_not_repeated(patience: Patience, clock: Clock) -> None:
    assert send(patience, (403, {"Retry-After": ""}), OK) == 403
    assert clock.slept == []
