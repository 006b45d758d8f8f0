"""What the command prints: progress on stderr, results on stdout, amounts in one form."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from time import monotonic
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.text import Text

# Those that move the cursor, colour, or turn the direction of writing; a line may end.
_CONTROLS = (
    *range(0x09),
    *range(0x0B, 0x20),
    *range(0x7F, 0xA0),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)
_VISIBLE = {at: f"\\x{at:02x}" if at < 256 else f"\\u{at:04x}" for at in _CONTROLS}
_LOG_WIDTH = 160
_SAY_EVERY_S = 3.0


class _Console(Console):
    """A console on which no text of others steers the terminal."""

    def render_str(self, text: str, **options: Any) -> Text:
        """Return a text to print, its control characters made visible."""
        return super().render_str(printable(text), **options)


def printable(text: str) -> str:
    """Return a text with its control characters spelled out, so that none steers a terminal."""
    return text.translate(_VISIBLE)


def _console(*, stderr: bool = False) -> Console:
    """Return a console; output that no terminal shows is wide enough to keep tables whole."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _LOG_WIDTH
    return _Console(stderr=stderr, highlight=False, soft_wrap=True, width=width)


out = _console()
err = _console(stderr=True)


def amount(value: Decimal, currency: str) -> str:
    """Return `1,234.56 USD`; a value that cents would hide keeps its digits."""
    is_small = value != 0 and abs(value) < Decimal("0.005")
    shown = f"{value.normalize():f}" if is_small else f"{value:,.2f}"
    return f"{shown} {currency}"


def seconds(value: float) -> str:
    """Return `4.2 s` or `2 min 5 s`."""
    return f"{value:.1f} s" if value < 60 else f"{int(value // 60)} min {int(value % 60)} s"


@dataclass
class Progress:
    """The running step: a spinner with its latest line on a terminal, some lines elsewhere."""

    title: str
    started: float = field(default_factory=monotonic)
    status: Status | None = None
    said: float = field(default_factory=monotonic)

    def say(self, line: str) -> None:
        """Show what runs now."""
        if self.status:
            self.status.update(printable(f"{escape(self.title)}: [dim]{escape(line)}"))
        elif monotonic() - self.said > _SAY_EVERY_S:
            self.said = monotonic()
            err.print(f"  {escape(line)}")

    def keep(self, line: str, *, style: str = "") -> None:
        """Print a line that stays above the running step."""
        one = line.replace("\n", "\\n")  # names of files may hold line feeds
        err.print(f"  {escape(one)}", style=style)

    @property
    def elapsed(self) -> str:
        """Time since the step began."""
        return seconds(monotonic() - self.started)


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """Show a step while it runs."""
    step = Progress(title)
    if not err.is_terminal:
        err.print(f"[bold]{escape(title)}")
        yield step
        return
    with err.status(printable(escape(title))) as step.status:
        yield step
