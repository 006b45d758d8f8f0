"""Refusals in the shapes that Azure answers them in."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4


class RefusedError(Exception):
    """A call that is answered with an error.

    Attributes:
        status: HTTP status.
        code: Azure's name of the error, such as `AuthorizationFailed`.
        message: What a person reads.
        headers: Headers that come with it, such as `Retry-After`.
    """

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """Return the answer's JSON."""
        return {"error": {"code": self.code, "message": self.message}}


class GraphRefusedError(RefusedError):
    """A refusal of Resource Graph, which hides the reason in its details."""

    def __init__(
        self,
        status: int,
        code: str,
        details: Sequence[Mapping[str, Any]],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        message = (
            f"Please provide below info when asking for support: timestamp = {stamp()}, "
            f"correlationId = {uuid4()}."
        )
        super().__init__(status, code, message, headers)
        self.details = [dict(detail) for detail in details]

    def body(self) -> dict[str, Any]:
        """Return the answer's JSON."""
        error = {"code": self.code, "message": self.message, "details": self.details}
        return {"error": error}


class TokenRefusedError(RefusedError):
    """A refusal of the token service: OAuth's error names with an AADSTS number in the text.

    Attributes:
        number: The number behind AADSTS, such as 7000215.
    """

    def __init__(self, status: int, error: str, number: int, message: str) -> None:
        super().__init__(status, error, message)
        self.number = number

    def body(self) -> dict[str, Any]:
        """Return the answer's JSON."""
        trace, correlation, now = uuid4(), uuid4(), f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
        return {
            "error": self.code,
            "error_description": (
                f"AADSTS{self.number}: {self.message} Trace ID: {trace} "
                f"Correlation ID: {correlation} Timestamp: {now}"
            ),
            "error_codes": [self.number],
            "timestamp": now,
            "trace_id": str(trace),
            "correlation_id": str(correlation),
        }


def stamp() -> str:
    """Return the present instant as Azure writes it."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}0Z"
