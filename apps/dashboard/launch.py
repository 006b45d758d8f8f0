"""Starts the dashboard as a process of its own, for this computer alone."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from pipeline.settings import Settings

DEFAULT_PORT = 8501
HOST = "127.0.0.1"
_APP = Path(__file__).with_name("app.py")
_POLL_S = 0.1


class DashboardError(Exception):
    """The dashboard did not come up; the message says what to do."""


def free_port(preferred: int = DEFAULT_PORT) -> int:
    """Return the preferred port, or another that is free if somebody listens there."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DashboardError(f"no port is free on {HOST}")


def address(port: int) -> str:
    """Return where a browser finds the dashboard."""
    return f"http://{HOST}:{port}"


def serve(
    settings: Settings, *, port: int = DEFAULT_PORT, open_browser: bool = False
) -> subprocess.Popen[bytes]:
    """Start the dashboard and return its process; `wait_until_up` tells when it answers.

    Args:
        settings: Whose state it shows.
        port: Where it listens; `free_port` finds one.
        open_browser: Whether to open it in this computer's browser.
    """
    options = {
        "server.address": HOST,
        "server.port": str(port),
        "server.headless": str(not open_browser).lower(),
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "browser.serverAddress": HOST,
        "client.showErrorDetails": "none",
        "client.showErrorLinks": "false",
        "client.toolbarMode": "viewer",
        "runner.magicEnabled": "false",
    }
    hosts = [("server.allowedHosts", host) for host in (HOST, "localhost")]
    flags = [*options.items(), *hosts]
    arguments = [argument for name, value in flags for argument in (f"--{name}", value)]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-m", "streamlit", "run", str(_APP), *arguments],
        env=os.environ | _environment(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def wait_until_up(
    port: int, *, process: subprocess.Popen[bytes] | None = None, timeout_s: float = 60
) -> None:
    """Wait until the dashboard answers.

    Args:
        port: Where it listens.
        process: What `serve` returned; if it ends, there is nothing to wait for.
        timeout_s: Longest wait, seconds.

    Raises:
        DashboardError: It ended or did not answer in time.
    """
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        if process is not None and process.poll() is not None:
            raise DashboardError(
                f"the dashboard ended at once, with exit status {process.returncode}: is port "
                f"{port} in use? See what it wrote above"
            )
        if _answers(port):
            return
        time.sleep(_POLL_S)
    raise DashboardError(f"the dashboard did not answer at {address(port)} in {timeout_s:g} s")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"{address(port)}/_stcore/health", timeout=1) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _environment(settings: Settings) -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    return {
        "CLOUDPRUNE_HOME": str(settings.home.resolve()),
        "CLOUDPRUNE_LAKE_URL": settings.lake_url,
        "CLOUDPRUNE_CONTROL_URL": settings.control_url,
        "CLOUDPRUNE_AWS_PRINCIPAL": settings.aws_principal,
        "CLOUDPRUNE_AWS_TEMPLATE_URL": settings.aws_template_url,
        "PYTHONPATH": path,
    }
