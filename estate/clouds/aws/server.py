"""Runs the simulated AWS in a process of its own for as long as a block of code lasts."""

import contextlib
import json
import logging
import multiprocessing
import os
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing.connection import Connection as Pipe
from typing import Any

from estate.clouds.aws.roles import ConnectedAccount, connected_accounts
from estate.model import Partner

_START_S = 300
_PATH = "/_simulation"
_MOTO_SETTINGS = {
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "false",
}


@dataclass(frozen=True, slots=True)
class AwsConnection:
    """What a tenant would hand over so that one of its accounts can be read."""

    partner_id: str
    tenant_id: str
    account_id: str
    role_arn: str
    external_id: str


@dataclass(frozen=True, slots=True)
class RunningAws:
    """A simulated AWS that answers.

    Attributes:
        url: Endpoint of every service.
        access_key: Key and secret of the user that scans.
        seconds: How long filling took.
    """

    url: str
    access_key: tuple[str, str]
    connections: tuple[AwsConnection, ...]
    seconds: float

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that lead clients here."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": self.access_key[0],
            "AWS_SECRET_ACCESS_KEY": self.access_key[1],
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def switch(self, **fault: Any) -> None:
        """Switch a fault on: fields of `estate.clouds.aws.faults.Fault`."""
        self._ask("faults", [fault])

    def deny(self, operation: str, account_id: str = "", region: str = "") -> None:
        """Refuse an operation for want of a permission."""
        self.switch(operation=operation, account_id=account_id, region=region)

    def throttle(self, operation: str, *, calls: int = 0, seconds: float = 0) -> None:
        """Refuse an operation for a number of calls, or for some seconds."""
        code = "RequestLimitExceeded" if operation.startswith("ec2:") else "Throttling"
        self.switch(
            operation=operation,
            code=code,
            message="Request limit exceeded.",
            status=503 if operation.startswith("ec2:") else 400,
            calls=calls,
            seconds=seconds,
        )

    def disable_region(self, account_id: str, region: str) -> None:
        """Answer as a region does that the account has not enabled."""
        for service in ("ec2", "elasticloadbalancing", "cloudwatch"):
            self.switch(
                account_id=account_id,
                region=region,
                operation=f"{service}:*",
                code="AuthFailure" if service == "ec2" else "UnrecognizedClientException",
                message="AWS was not able to validate the provided access credentials",
                status=401,
            )

    def refuse_role(self, role_arn: str) -> None:
        """Let nobody assume a role."""
        self.switch(
            operation="sts:AssumeRole",
            contains=urllib.parse.quote(role_arn, safe=""),
            code="AccessDenied",
            message="User is not authorized to perform: sts:AssumeRole",
        )

    def vanish(self, resource_id: str, code: str) -> None:
        """Answer calls that name a resource as if it were gone since it was listed."""
        self.switch(
            contains=resource_id,
            code=code,
            message=f"The ID '{resource_id}' does not exist",
            status=400,
        )

    def expire_page_tokens(self, operation: str, calls: int = 1) -> None:
        """Refuse further pages of an operation."""
        self.switch(
            operation=operation,
            only_further_pages=True,
            code="InvalidNextToken",
            message="The token has expired.",
            status=400,
            calls=calls,
        )

    def expire_sessions(self) -> None:
        """Expire every session token that was given out so far."""
        self._ask("expire", {})

    def reset(self) -> None:
        """Switch all faults off and forget all calls."""
        self._ask("reset", {})

    def calls(self) -> list[dict[str, Any]]:
        """Return how often each operation was called, by account and region."""
        return list(self._ask("calls"))

    def _ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.url}{_PATH}/{path}", data) as answer:  # noqa: S310 - our own server
            return json.load(answer)


@contextmanager
def running_aws(partners: Sequence[Partner], through: date) -> Iterator[RunningAws]:
    """Run the simulated AWS of partners' estates.

    Args:
        partners: Who owns the estates.
        through: Last day with charges; clouds show the day after.

    Raises:
        RuntimeError: It did not start.
    """
    accounts = connected_accounts(partners)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    scan_day = through + timedelta(days=1)
    process = context.Process(target=_serve, args=(theirs, accounts, scan_day), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(_START_S):
            raise RuntimeError("the simulated AWS does not start")
        port, access_key, seconds = ours.recv()
        url = f"http://127.0.0.1:{port}"
        yield RunningAws(url, access_key, tuple(map(_connection, accounts)), seconds)
    except EOFError as error:
        raise RuntimeError("the simulated AWS ended while it started") from error
    finally:
        ours.close()
        process.kill()  # it holds nothing that would have to be saved
        process.join()


def _connection(connected: ConnectedAccount) -> AwsConnection:
    return AwsConnection(
        connected.scope.partner_id,
        connected.scope.tenant_id,
        connected.account.account_id,
        connected.role_arn,
        connected.external_id,
    )


def _serve(parent: Pipe, accounts: Sequence[ConnectedAccount], scan_day: date) -> None:
    """Fill, then answer until the parent ends this process, or is gone."""
    os.environ.update(_MOTO_SETTINGS)  # moto reads them when it is imported
    from estate.clouds.aws.serving import fill_and_serve

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    fill_and_serve(accounts, scan_day, parent.send)


def _end_with(parent: Pipe) -> None:
    with contextlib.suppress(EOFError):
        parent.recv()
    os._exit(0)
