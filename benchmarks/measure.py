"""Runs a piece of work in a process of its own and tells its time and its peak memory."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measured:
    """What one run took.

    Attributes:
        seconds: Wall time of the work, without the start of its process.
        cpu_seconds: Processor time of it, on all threads.
        peak_mib: Largest resident memory of its process.
    """

    seconds: float
    cpu_seconds: float
    peak_mib: float


def measure(work: Callable[..., Any], *arguments: Any) -> Measured:
    """Run a function in a new process, so that no run warms another, and measure it.

    Raises:
        RuntimeError: It failed; the message is its own.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(theirs, work, arguments))
    process.start()
    theirs.close()
    try:
        seconds, cpu_seconds, peak, failure = ours.recv()
    except EOFError as error:
        process.join()
        raise RuntimeError(f"{work.__name__} ended with status {process.exitcode}") from error
    process.join()
    if failure:
        raise RuntimeError(failure)
    return Measured(seconds, cpu_seconds, peak)


def _run(pipe: Any, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    started, cpu_started = time.perf_counter(), time.process_time()
    failure = ""
    try:
        work(*arguments)
    except Exception as error:
        failure = f"{work.__name__}: {error}"
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    pipe.send((seconds, cpu_seconds, _peak_mib(), failure))


def _peak_mib() -> float:
    """Return the largest resident memory so far; `getrusage` would count the parent's, too."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (row for row in status.read_text().splitlines() if row.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2  # bytes on macOS


@dataclass(frozen=True)
class Result:
    """One line of the table.

    Attributes:
        workload: What was done.
        compared_with: What else, in the same run.
        figure: The ratio or exponent.
        target: What the figure must not exceed; None where there is no target.
        detail: Times and memory behind the figure.
    """

    workload: str
    compared_with: str
    figure: float
    target: float | None
    detail: dict[str, float]

    @property
    def is_met(self) -> bool:
        """Whether the target is met, or there is none."""
        return self.target is None or self.figure <= self.target

    def to_json(self) -> dict[str, Any]:
        """Return it for a file."""
        return asdict(self) | {"is_met": self.is_met}
