"""Parses the dbt project once for each state of it: that takes longer than a small warehouse.

The parsed project is kept in memory and, for the next process, in the project's own `target`, in
dbt's own format for partial parsing. Nothing in it is a partner's: what tells partners apart is
read when a model compiles.
"""

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

PROJECT = Path(__file__).parents[1] / "dbt_project"
QUIETLY = [
    "--quiet",
    "--no-print",
    "--no-write-json",
    "--no-send-anonymous-usage-stats",
    *("--project-dir", str(PROJECT)),
    *("--profiles-dir", str(PROJECT)),
    *("--log-level", "none"),
    *("--log-level-file", "none"),
]
"""Options of every run of dbt."""

_KEPT = PROJECT / "target"
_DBTS_NAME = "partial_parse.msgpack"
_SOURCE_SUFFIXES = frozenset({".sql", ".yml", ".csv", ".md"})
_PARSED: dict[str, "dbtRunnerResult"] = {}


def parsed_project() -> "dbtRunnerResult":
    """Return dbt's own result of parsing; its manifest is to be copied, as a run changes it."""
    digest = project_digest()
    if digest not in _PARSED:
        outcome = _parse(digest)
        if not outcome.success:
            return outcome
        _PARSED.clear()
        _PARSED[digest] = outcome
    return _PARSED[digest]


def project_digest() -> str:
    """Return a digest of everything that decides what the models hold."""
    digest = hashlib.sha256()
    for path in sorted(PROJECT.rglob("*")):
        is_output = {"target", "logs"} & set(path.relative_to(PROJECT).parts)
        if path.suffix in _SOURCE_SUFFIXES and not is_output:
            digest.update(path.relative_to(PROJECT).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _parse(digest: str) -> "dbtRunnerResult":
    from dbt.cli.main import dbtRunner  # takes seconds, which only a run is worth

    kept = _KEPT / f"parsed-{digest[:16]}.msgpack"
    with TemporaryDirectory() as folder:
        target = Path(folder)
        with suppress(FileNotFoundError):
            shutil.copy(kept, target / _DBTS_NAME)
        where = ["--target-path", folder, "--log-path", folder]
        outcome = dbtRunner().invoke(["parse", *QUIETLY, *where])
        if outcome.success:
            with suppress(OSError):  # an installation that cannot be written parses every time
                _keep(target / _DBTS_NAME, kept)
    return outcome


def _keep(parsed: Path, kept: Path) -> None:
    """Put it in its place at once: another process may read there."""
    kept.parent.mkdir(exist_ok=True)
    beside = kept.with_name(f".{kept.name}.{os.getpid()}")
    shutil.copy(parsed, beside)
    beside.replace(kept)
    for older in kept.parent.glob("parsed-*.msgpack"):
        if older != kept:
            older.unlink(missing_ok=True)
