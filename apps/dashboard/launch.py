"""Starts the dashboard as a process of its own: the demo, or with sign-in."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from apps.dashboard.sign_in.errors import SignInSettingsError
from apps.dashboard.sign_in.settings import SignInSettings
from pipeline.settings import Settings

DEFAULT_PORT = 8501
HOST = "127.0.0.1"
DEMO = "CLOUDPRUNE_DEMO"
"""Variable that opens every partner without sign-in; set by `serve_demo` alone."""
COMMON_OPTIONS: dict[str, str | bool | int | list[str]] = {
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "runner.magicEnabled": False,
}
_APP = Path(__file__).with_name("app.py")
_ROOT = Path(__file__).parents[2]
_ANY = {"0.0.0.0": HOST, "::": "::1"}  # noqa: S104 - where it listens, not what we choose
_POLL_S = 0.1
_STDERR = 2  # where the framework writes some failures, and others to standard output


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


def refuse_beside_sign_in() -> None:
    """Check that the demo may run: there is no sign-in to pass by.

    Raises:
        DashboardError: An identity provider is configured.
    """
    if SignInSettings().is_configured:
        raise DashboardError(
            "the demo opens every partner without sign-in, so it does not run where an identity "
            "provider is configured: unset the variables CLOUDPRUNE_OIDC_*, or serve with sign-in "
            "by `cloudprune dashboard`"
        )


def serve(
    settings: Settings, *, port: int = DEFAULT_PORT, open_browser: bool = False
) -> subprocess.Popen[bytes]:
    """Start the demo: no sign-in, for this computer alone; `wait_until_up` tells when it answers.

    Args:
        settings: Whose state it shows.
        port: Where it listens; `free_port` finds one.
        open_browser: Whether to open it in this computer's browser.

    Raises:
        DashboardError: An identity provider is configured.
    """
    refuse_beside_sign_in()
    options = COMMON_OPTIONS | {
        "server.address": HOST,
        "server.port": port,
        "server.headless": not open_browser,
        "browser.serverAddress": HOST,
    }
    hosts = [("server.allowedHosts", host) for host in (HOST, "localhost")]
    flags = [*((name, _flag(value)) for name, value in options.items()), *hosts]
    arguments = [argument for name, value in flags for argument in (f"--{name}", value)]
    command = ["streamlit", "run", str(_APP), *arguments]
    return _start(settings, command, {DEMO: "yes"}, output=subprocess.DEVNULL)


def serve_with_sign_in(
    settings: Settings, *, host: str = HOST, port: int = DEFAULT_PORT
) -> subprocess.Popen[bytes]:
    """Start the dashboard behind the configured identity provider.

    Args:
        settings: Whose state it shows.
        host: Address to listen on.
        port: Where it listens there.

    Raises:
        DashboardError: No identity provider is configured, or one in part.
    """
    try:
        SignInSettings().check()
    except SignInSettingsError as error:
        raise DashboardError(str(error)) from error
    return _start(
        settings, ["apps.dashboard.server", "--host", host, "--port", str(port)], {}, output=_STDERR
    )


def _start(
    settings: Settings, module: list[str], variables: dict[str, str], *, output: int
) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if name != DEMO}
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", *module],
        env=kept | _environment(settings) | variables,
        stdin=subprocess.DEVNULL,
        stdout=output,
    )


def _flag(value: str | bool | int | list[str]) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def wait_until_up(
    port: int,
    *,
    host: str = HOST,
    process: subprocess.Popen[bytes] | None = None,
    timeout_s: float = 60,
) -> None:
    """Wait until the dashboard answers.

    Args:
        port: Where it listens.
        host: Address that it listens on.
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
        if _answers(_ANY.get(host, host), port):
            return
        time.sleep(_POLL_S)
    raise DashboardError(f"the dashboard did not answer at {address(port)} in {timeout_s:g} s")


def _answers(host: str, port: int) -> bool:
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/_stcore/health"
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _environment(settings: Settings) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    return {
        "CLOUDPRUNE_HOME": str(settings.home.resolve()),
        "CLOUDPRUNE_LAKE_URL": settings.lake_url,
        "CLOUDPRUNE_CONTROL_URL": settings.control_url,
        "CLOUDPRUNE_AWS_PRINCIPAL": settings.aws_principal,
        "CLOUDPRUNE_AWS_TEMPLATE_URL": settings.aws_template_url,
        "PYTHONPATH": path,
    }
