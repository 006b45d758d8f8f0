"""A PostgreSQL server of its own for tests: Debian's, on loopback, gone when they end."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_USER, _APPLICATION = "postgres", "cloudprune"


def programs() -> Path | None:
    """Return the folder of the newest server that is installed, if any is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    port: int
    folder: Path
    bin: Path

    def new_database(self) -> str:
        """Return the address of a new database; its owner is no superuser, as in production."""
        name = f"test_{uuid.uuid4().hex}"
        self._ask(f"create database {name} owner {_APPLICATION}")
        return f"postgresql://{_APPLICATION}@127.0.0.1:{self.port}/{name}"

    def as_superuser(self, address: str) -> str:
        """Return the address of the same database for a role that may do everything."""
        return address.replace(f"{_APPLICATION}@", f"{_USER}@")

    def _ask(self, statement: str) -> None:
        command = [
            str(self.bin / "psql"), "-q", "-h", "127.0.0.1", "-p", str(self.port),
            "-U", _USER, "-c", statement, "postgres",
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)


@contextmanager
def running(binaries: Path) -> Iterator[Postgres]:
    """Start a server that nobody else may reach; it refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    as_user = ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups"]
    if os.geteuid() == 0:
        account = pwd.getpwnam(_USER)
        os.chown(folder, account.pw_uid, account.pw_gid)
    else:
        as_user = []
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data, log = folder / "data", folder / "log"
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
    control = [*as_user, str(binaries / "pg_ctl"), "-D", str(data)]
    try:
        subprocess.run(
            [*as_user, str(binaries / "initdb"), "-D", str(data), "-U", _USER, "-A", "trust"],
            check=True,
            capture_output=True,
        )
        subprocess.run(
            [*control, "-w", "-l", str(log), "-o", options, "start"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        server = Postgres(port, folder, binaries)
        server._ask(f"create role {_APPLICATION} login")
        yield server
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)
