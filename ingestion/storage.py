"""The one filesystem layer: local folders, S3 and Azure Blob through obstore.

Credentials and endpoints come from the environment, by the names that obstore (object_store) reads:
`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, `AZURE_STORAGE_ACCOUNT_NAME` and so on.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import AzureStore, LocalStore, S3Store

from ingestion.errors import SourceError

_REMOTE = {"s3": S3Store, "s3a": S3Store, "az": AzureStore, "azure": AzureStore, "abfs": AzureStore}
_ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AZURE_STORAGE_ENDPOINT")
_CHUNK = 8 * 1024 * 1024
_DELETED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file or object below a storage root.

    Attributes:
        path: Path below the root, with `/`.
        size: Bytes.
        modified: Time of the last change, UTC.
        etag: Version the store names, or None for local files.
    """

    path: str
    size: int
    modified: datetime
    etag: str | None

    @property
    def name(self) -> str:
        """Last segment of the path."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def folder(self) -> str:
        """Path without its last segment."""
        return self.path.rpartition("/")[0]


class Storage:
    """Files below one root, on any of the supported stores."""

    def __init__(self, root: str, left_out: Iterable[Path] = ()) -> None:
        """Open a root: a folder, a file, `s3://bucket/prefix` or `az://container/prefix`.

        Args:
            root: The root.
            left_out: Folders and files that are not listed below a local root.

        Raises:
            SourceError: The address has no bucket or a scheme that is not supported.
        """
        self.is_local = "://" not in root
        self._left_out = tuple(f"{path.resolve()}/" for path in left_out)
        self._only: str | None = None
        if _is_file(root):
            root, _, self._only = root.replace(os.sep, "/").rpartition("/")
            root = root or "."
        self.root = root
        parts = urlsplit(root)
        if self.is_local:
            self._folder = Path(root).resolve()
            self._store: LocalStore | S3Store | AzureStore | None = None
            return
        if parts.scheme not in _REMOTE or not parts.netloc:
            raise SourceError(
                f"{root} is no address we can read: give a folder, s3://bucket/prefix or "
                "az://container/prefix"
            )
        plain_http = any(os.environ.get(name, "").startswith("http://") for name in _ENDPOINTS)
        self._store = _REMOTE[parts.scheme](
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            client_options={"allow_http": True} if plain_http else None,
        )

    def uri(self, path: str) -> str:
        """Return the full address of a path, for messages."""
        return f"{self.root.rstrip('/')}/{path}" if path else self.root

    def local_path(self, path: str) -> Path:
        """Return where a local root keeps the path."""
        return self._folder / path

    def list_files(self, prefix: str = "") -> Iterator[StoredFile]:
        """Yield every file below the prefix, in order of path.

        Raises:
            SourceError: The store refuses or does not answer.
        """
        for found in self._list(prefix):
            if self._only in (None, found.path):
                yield found

    def list_broken_links(self) -> Iterator[str]:
        """Yield the paths of a local root's links that point to nothing; hidden ones left out."""
        if self._store is not None or self._only is not None:
            return
        for path in self._walk(self._folder):
            with suppress(PermissionError):  # what lies in a closed folder, which is told itself
                if path.is_symlink() and not path.exists():
                    yield path.relative_to(self._folder).as_posix()

    def list_left_out(self) -> Iterator[str]:
        """Yield the paths of what is left out, where it or a link to it lies below a local root."""
        if self._store is None and self._only is None:
            for path in self._below(self._folder):
                if self._is_left_out(path):
                    yield path.relative_to(self._folder).as_posix()

    def list_closed_folders(self) -> Iterator[str]:
        """Yield the paths of a local root's folders that may not be listed, itself included."""
        if self._store is not None or self._only is not None:
            return
        for path in (self._folder, *self._walk(self._folder)):
            with suppress(PermissionError):  # what lies in a closed folder, which is told itself
                if path.is_dir() and not os.access(path, os.R_OK | os.X_OK):
                    yield "" if path == self._folder else path.relative_to(self._folder).as_posix()

    def _list(self, prefix: str) -> Iterator[StoredFile]:
        if self._store is None:
            yield from self._list_folder(self._folder / prefix if prefix else self._folder)
            return
        try:
            entries = [
                entry for page in obstore.list(self._store, prefix or None) for entry in page
            ]
        except BaseError as error:
            raise SourceError(f"cannot list {self.uri(prefix)}: {_first_line(error)}") from error
        for entry in sorted(entries, key=lambda found: found["path"]):
            yield StoredFile(entry["path"], entry["size"], entry["last_modified"], entry["e_tag"])

    def _list_folder(self, folder: Path) -> Iterator[StoredFile]:
        for path in self._walk(folder):
            try:
                facts = path.stat()
            except OSError:  # a link to nothing, or in a closed folder: both are listed apart
                continue
            if S_ISREG(facts.st_mode):
                modified = datetime.fromtimestamp(facts.st_mtime, tz=UTC)
                relative = path.relative_to(self._folder).as_posix()
                yield StoredFile(relative, facts.st_size, modified, None)

    def _walk(self, folder: Path) -> list[Path]:
        """Return all below a folder that is neither hidden nor left out, by path."""
        return [path for path in self._below(folder) if not self._is_left_out(path)]

    def _below(self, folder: Path) -> list[Path]:
        """Return all below a folder that is not hidden, by path; nothing of what is left out.

        Links to folders are followed: each real folder is entered once, and none that holds the
        root.
        """
        if self._is_left_out(self._folder):
            return []
        found: list[Path] = []
        entered = {_identity(path) for path in (self._folder, *self._folder.parents)}
        for parent, folders, files in os.walk(folder, followlinks=True):
            new = []
            for path in (Path(parent, name) for name in sorted(folders)):
                identity = _identity(path)
                if path.name.startswith(".") or identity in entered:
                    continue
                entered.add(identity)
                found.append(path)
                new += [] if self._is_left_out(path) else [path.name]
            folders[:] = new
            found += [Path(parent, name) for name in files if not name.startswith(".")]
        return sorted(found)

    def _is_left_out(self, path: Path) -> bool:
        """Whether a path is left out, or links to something that is or lies below it."""
        return bool(self._left_out) and f"{os.path.realpath(path)}/".startswith(self._left_out)

    def read(self, path: str) -> bytes | None:
        """Return a small file whole, or None if there is none."""
        if self._store is None:
            target = self.local_path(path)
            return target.read_bytes() if target.is_file() else None
        try:
            return bytes(obstore.get(self._store, path).bytes())
        except (NotFoundError, FileNotFoundError):
            return None
        except BaseError as error:
            raise SourceError(f"cannot read {self.uri(path)}: {_first_line(error)}") from error

    def has(self, path: str) -> bool:
        """Return whether there is such a file.

        Raises:
            SourceError: The store refuses or does not answer.
        """
        if self._store is None:
            return self.local_path(path).is_file()
        try:
            obstore.head(self._store, path)
        except (NotFoundError, FileNotFoundError):
            return False
        except BaseError as error:
            raise SourceError(f"cannot read {self.uri(path)}: {_first_line(error)}") from error
        return True

    def fetch(self, path: str, spool: Path) -> Path:
        """Return the file as a local path, copied into the spool folder if it is remote."""
        if self._store is None:
            return self.local_path(path)
        target = spool / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with target.open("wb") as handle:
                for chunk in obstore.get(self._store, path).stream(min_chunk_size=_CHUNK):
                    handle.write(chunk)
        except BaseError as error:
            raise SourceError(f"cannot read {self.uri(path)}: {_first_line(error)}") from error
        return target

    def commit(self, written: Path, path: str) -> None:
        """Replace a path by a finished local file, in one step that readers never see half of."""
        if self._store is None:
            target = self.local_path(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            with written.open("rb") as handle:
                os.fsync(handle.fileno())
            written.replace(target)
            return
        obstore.put(self._store, path, written)
        written.unlink()

    def delete(self, path: str) -> None:
        """Remove one file, if it is there."""
        if self._store is None:
            self.local_path(path).unlink(missing_ok=True)
        else:
            obstore.delete(self._store, path)

    def delete_prefix(self, prefix: str) -> int:
        """Remove every file below a prefix, hidden and half written ones too; return how many.

        A prefix is whole segments of the path: `a=1` is none of `a=12/file`.

        Raises:
            SourceError: The store refuses or does not answer; the same call goes on.
            ValueError: The prefix is empty, which would be everything.
        """
        if not prefix.strip("/"):
            raise ValueError("a prefix to delete needs at least one segment")
        if self._store is None:
            folder = self.local_path(prefix)
            count = sum(path.is_file() for path in folder.rglob("*"))
            if folder.exists():
                shutil.rmtree(folder)
            return count
        paths = [found.path for found in self._list(prefix)]
        try:
            for start in range(0, len(paths), _DELETED_AT_ONCE):
                obstore.delete(self._store, paths[start : start + _DELETED_AT_ONCE])
        except BaseError as error:
            raise SourceError(f"cannot delete {self.uri(prefix)}: {_first_line(error)}") from error
        return len(paths)


def _is_file(root: str) -> bool:
    if "://" not in root:
        return Path(root).is_file()
    return root.lower().endswith((".csv", ".gz", ".parquet", ".zip"))


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0][:300]


def _identity(path: Path) -> tuple[int, int] | Path:
    """Return what two paths of one real folder share; what cannot be looked at is itself alone."""
    try:
        facts = path.stat()
    except OSError:
        return path
    return facts.st_dev, facts.st_ino
