"""Real object stores on loopback, started for a test session and stopped with it."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
S3_KEY, S3_SECRET = "tests-only", "tests-only-secret"
AZURE_ACCOUNT = "devstoreaccount1"
# Azurite's own well-known key, printed in its documentation; no account of anyone has it.
AZURE_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
_GRPC = 10_000  # SeaweedFS also listens this far above each of its ports
_WAIT_S = 60.0


def free_port(beside: int = 0) -> int:
    """Return a port that nobody listens on, and nobody on the one that is `beside` above it."""
    while True:
        with socket.socket() as probe, socket.socket() as other:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
            if not beside:
                return port
            try:
                probe.close()
                port -= beside
                other.bind(("127.0.0.1", port))
            except (OSError, OverflowError):
                continue
            return port


@contextmanager
def running(command: list[str], port: int, log: Path) -> Iterator[None]:
    """Run a server until the block ends; it is up when its port answers.

    Raises:
        RuntimeError: It ended, or did not answer in time.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(process, port, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + _WAIT_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended: {log.read_text(errors='replace')[-800:]}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1)
        except urllib.error.HTTPError:
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing answered on port {port}: {log.read_text(errors='replace')[-800:]}")


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """SeaweedFS as S3; yields the environment that clients need."""
    weed = shutil.which("weed", path=f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}")
    if not weed:
        pytest.skip("SeaweedFS is not installed: no server to speak S3 with")
    folder = tmp_path_factory.mktemp("s3")
    config = folder / "s3.json"
    keys = [{"accessKey": S3_KEY, "secretKey": S3_SECRET}]
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    config.write_text(
        json.dumps({"identities": [{"name": "tests", "credentials": keys, "actions": actions}]})
    )
    port, master, volume, filer = (free_port(_GRPC) for _ in range(4))
    command = [
        weed, "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder}", "-s3",
        f"-s3.port={port}", f"-s3.config={config}", "-filer", f"-filer.port={filer}",
        f"-master.port={master}", f"-volume.port={volume}", "-volume.max=200",
        "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false",
        "-master.volumeSizeLimitMB=128",
    ]  # fmt: skip
    with running(command, port, folder / "log"):
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": S3_KEY,
            "AWS_SECRET_ACCESS_KEY": S3_SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
        }


@pytest.fixture(scope="session")
def azure_blob(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """Azurite as Azure Blob; yields the environment that clients need."""
    main = ROOT / "node_modules/azurite/dist/src/blob/main.js"
    node = shutil.which("node")
    if not main.exists() or not node:
        pytest.skip("Azurite is not installed: no server to speak Azure Blob with")
    folder, port = tmp_path_factory.mktemp("azure"), free_port()
    command = [
        node, str(main), "--blobHost", "127.0.0.1", "--blobPort", str(port), "--location",
        str(folder), "--skipApiVersionCheck", "--disableTelemetry", "--silent",
    ]  # fmt: skip
    with running(command, port, folder / "log"):
        yield {
            "AZURE_STORAGE_ACCOUNT_NAME": AZURE_ACCOUNT,
            "AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY,
            "AZURE_STORAGE_ENDPOINT": f"http://127.0.0.1:{port}/{AZURE_ACCOUNT}",
        }
