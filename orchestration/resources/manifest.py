"""The dbt manifest, from which the warehouse's assets are made.

It is parsed when the code location loads and kept until a file of the project changes, because
every run loads the location again.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner

DBT_PROJECT = Path(__file__).parents[2] / "dbt_project"
_SUFFIXES = {".sql", ".yml", ".yaml", ".csv", ".md", ".py"}
_NOT_SOURCE = {"target", "logs", "dbt_packages"}


class ManifestError(Exception):
    """The dbt project cannot be parsed."""


def load_manifest(kept_in: Path, *, project: Path = DBT_PROJECT) -> Mapping[str, Any]:
    """Return the manifest of the project as it is on disk now.

    Args:
        kept_in: Folder for the parsed manifest; made if it is missing.
        project: Root of the dbt project; it is only read.

    Raises:
        ManifestError: dbt refuses the project.
    """
    kept = kept_in / f"manifest-{_digest(project)}.json"
    if not kept.is_file():
        kept_in.mkdir(parents=True, exist_ok=True)
        older = set(kept_in.glob("manifest-*.json"))
        _parse(project, kept)
        for outdated in older:
            outdated.unlink(missing_ok=True)
    manifest: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return manifest


def _digest(project: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(project.rglob("*")):
        inside = path.relative_to(project)
        if path.suffix in _SUFFIXES and not _NOT_SOURCE & set(inside.parts) and path.is_file():
            digest.update(f"{inside.as_posix()}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _parse(project: Path, kept: Path) -> None:
    with tempfile.TemporaryDirectory(dir=kept.parent) as target:
        where = ["--project-dir", str(project), "--profiles-dir", str(project)]
        away = ["--target-path", target, "--log-path", target]
        outcome = dbtRunner().invoke(["--quiet", "parse", *where, *away])
        if not outcome.success:
            raise ManifestError(
                f"dbt cannot read the project in {project}: {outcome.exception or 'see its log'}"
            )
        shutil.move(Path(target) / "manifest.json", kept)
