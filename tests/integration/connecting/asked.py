"""Asks the worker as a page does, and reads what came of it."""

from control.directory import Directory
from control.onboarding import RequestKind
from tests.integration.connecting.conftest import ACCOUNT, A

CONNECTION = f"aws-{ACCOUNT}"
IDENTIFIER = "8f7a1c2e-0000-4000-8000-000000000000"


def ask(directory: Directory, kind: RequestKind, **inputs: object) -> str:
    return directory.request_connection(*A, kind, inputs, requested_by="ada")


def outcome(directory: Directory, request_id: str) -> tuple[str, str]:
    found = directory.connection_request(A[0], request_id)
    assert found is not None
    return found.status, found.message
