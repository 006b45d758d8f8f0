"""Where the command starts: an interrupt while the modules load ends it quietly, too."""

import sys


def main() -> None:
    """Run the command."""
    try:
        from apps.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        sys.exit(130)
