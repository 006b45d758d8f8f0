"""`cloudprune dashboard`: the dashboard behind the identity provider."""

import signal
import subprocess
from types import FrameType
from typing import Annotated, NoReturn

import typer
from rich.markup import escape

from apps.cli.console import out, progress
from apps.dashboard.launch import DEFAULT_PORT, HOST, serve_with_sign_in, wait_until_up
from apps.dashboard.sign_in.settings import SignInSettings
from pipeline.settings import Settings


def dashboard(
    host: Annotated[
        str, typer.Option(help="Address to listen on; a reverse proxy speaks HTTPS in front of it.")
    ] = HOST,
    port: Annotated[int, typer.Option(help="Where to listen.")] = DEFAULT_PORT,
) -> None:
    """Serve the dashboard to members, who sign in with the identity provider.

    Needs CLOUDPRUNE_OIDC_METADATA_URL, _CLIENT_ID, _CLIENT_SECRET, _COOKIE_SECRET and
    _REDIRECT_URI. The first admin of a partner is invited by `cloudprune members invite`.

    Example: [bold]cloudprune dashboard --host 0.0.0.0 --port 8501[/]
    """
    process = serve_with_sign_in(Settings(), host=host, port=port)
    where = SignInSettings().base_url
    run_until_stopped(process, f"Dashboard: [bold]{escape(where)}[/]", host, port)


def run_until_stopped(process: "subprocess.Popen[bytes]", words: str, host: str, port: int) -> None:
    """Wait until the dashboard ends, or until this command is told to; end both together.

    Args:
        process: The dashboard.
        words: What is printed when it is up.
        host: Address that it listens on.
        port: Where it listens there.

    Raises:
        DashboardError: It did not come up.
    """
    signal.signal(signal.SIGTERM, stop)
    try:
        with progress("Starting the dashboard"):
            wait_until_up(port, host=host, process=process)
        out.print(f"\n{words}  (Ctrl-C stops it)")
        process.wait()
    except KeyboardInterrupt:
        out.print("\nStopped.")
    finally:
        process.terminate()
        process.wait()


def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Take a signal to end as Ctrl-C is taken."""
    raise KeyboardInterrupt
