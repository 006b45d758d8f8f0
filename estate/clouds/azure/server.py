"""Runs the simulated Azure in a process of its own for as long as a block of code lasts."""

import contextlib
import json
import multiprocessing
import os
import socket
import ssl
import tempfile
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import trustme
import uvicorn

from estate.clouds.azure.app import Service, build_app
from estate.clouds.azure.directories import Directory, build_directories
from estate.clouds.azure.graph import QUERIES_PER_WINDOW
from estate.clouds.azure.simulation import PATH
from estate.model import Partner

_START_S = 60
_SHOWN_AT = time(9, 36)


@dataclass(frozen=True, slots=True)
class AzureConnection:
    """What a tenant would hand over so that its Azure can be read."""

    partner_id: str
    tenant_id: str
    directory_id: str
    client_id: str
    client_secret: str
    subscriptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunningAzure:
    """A simulated Azure that answers.

    Attributes:
        url: Endpoint of Resource Manager and of the token service.
        ca_file: Certificate of the authority that its own certificate is issued by.
    """

    url: str
    ca_file: Path
    connections: tuple[AzureConnection, ...]

    @property
    def metrics_endpoint(self) -> str:
        """Endpoint of metrics, with `{region}` where the region belongs."""
        return f"{self.url}/metrics/{{region}}"

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that lead clients here."""
        return {
            "CLOUDPRUNE_AZURE_RESOURCE_MANAGER": self.url,
            "CLOUDPRUNE_AZURE_METRICS_ENDPOINT": self.metrics_endpoint,
            "AZURE_AUTHORITY_HOST": self.url,
            "REQUESTS_CA_BUNDLE": str(self.ca_file),
            "SSL_CERT_FILE": str(self.ca_file),
        }

    def switch(self, **faults: Any) -> None:
        """Switch faults on.

        Args:
            **faults: Any of `deny` (subscription), `vanish` (resource id), `withhold`, `overgrant`
                (operation), `expire_secret`
                (directory), `expire_tokens`, `expire_skip_tokens` (true), `token_seconds`,
                `page_rows` (number), `throttle` (operation, calls, seconds, status, retry_after).
        """
        self._ask("faults", faults)

    def trust(self, directory_id: str, issuer: str, subject: str, keys: str) -> None:
        """Give a directory's application a federated credential.

        Args:
            directory_id: Whose application.
            issuer: Whose tokens it takes.
            subject: Of which name.
            keys: What the issuer would answer for its keys, as a JSON text.
        """
        told = {"directory_id": directory_id, "issuer": issuer, "subject": subject, "keys": keys}
        self._ask("trust", told)

    def reset(self) -> None:
        """Switch all faults off and forget all calls and federated credentials."""
        self._ask("reset", {})

    def calls(self, directory_id: str = "") -> dict[str, dict[str, int]]:
        """Return how many calls each operation got, by HTTP status."""
        return dict(self._ask(f"calls?directory_id={directory_id}"))

    def _ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        trust = ssl.create_default_context(cafile=str(self.ca_file))
        with urllib.request.urlopen(f"{self.url}{PATH}/{path}", data, context=trust) as answer:  # noqa: S310 - our own server
            return json.load(answer)


@contextmanager
def running_azure(
    partners: Sequence[Partner],
    through: date,
    queries_per_window: int = QUERIES_PER_WINDOW,
    *,
    is_prepared: bool = False,
) -> Iterator[RunningAzure]:
    """Run the simulated Azure of partners' estates.

    Args:
        partners: Who owns the estates.
        through: Last day that bills hold; clouds show the morning after.
        queries_per_window: Queries of Resource Graph that an application may send in five seconds.
        is_prepared: Whether all resources of a type show the same metrics, which makes a large
            estate (`estate.clouds.azure.fleet`) quick.

    Raises:
        RuntimeError: It did not start.
    """
    directories = build_directories(partners)
    with tempfile.TemporaryDirectory(prefix="azure-") as folder:
        ca_file, key_file = _certificates(Path(folder))
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_serve,
            args=(theirs, key_file, directories, through, queries_per_window, is_prepared),
            daemon=True,
        )
        process.start()
        theirs.close()
        try:
            if not ours.poll(_START_S):
                raise RuntimeError("the simulated Azure does not start")
            url = f"https://localhost:{ours.recv()}"
            yield RunningAzure(url, ca_file, tuple(map(_connection, directories)))
        except EOFError as error:
            raise RuntimeError("the simulated Azure ended while it started") from error
        finally:
            ours.close()
            process.kill()  # it holds nothing that would have to be saved
            process.join()


def _connection(directory: Directory) -> AzureConnection:
    return AzureConnection(
        directory.scope.partner_id,
        directory.scope.tenant_id,
        directory.directory_id,
        directory.client_id,
        directory.client_secret,
        tuple(each.account_id for each in directory.subscriptions),
    )


def _certificates(folder: Path) -> tuple[Path, Path]:
    authority = trustme.CA()
    ca_file, key_file = folder / "ca.pem", folder / "server.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    server = authority.issue_cert("localhost", "127.0.0.1")
    server.private_key_and_cert_chain_pem.write_to_path(str(key_file))
    return ca_file, key_file


def _serve(
    parent: Pipe,
    key_file: Path,
    directories: Sequence[Directory],
    through: date,
    queries_per_window: int,
    is_prepared: bool,
) -> None:
    """Answer until the parent ends this process, or is gone."""
    now = datetime.combine(through + timedelta(days=1), _SHOWN_AT, UTC)
    app = build_app(Service(directories, now, queries_per_window, is_prepared=is_prepared))
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", ssl_certfile=str(key_file), lifespan="off")
    )
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    parent.send(listening.getsockname()[1])
    server.run([listening])


def _end_with(parent: Pipe) -> None:
    with contextlib.suppress(EOFError):
        parent.recv()
    os._exit(0)
