"""One archive with all data of a member or a partner (GDPR, Articles 15 and 20)."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from control.directory import Directory
from control.errors import PrivacyRequestError
from control.extracts import Extract
from control.privacy_records import Subject, SubjectKind
from ingestion.storage import Storage
from pipeline.privacy.formats import BATCH_ROWS, Archive, Batches, rows_table
from pipeline.privacy.readme import readme
from pipeline.privacy.subjects import member_of, require_subject
from pipeline.settings import Settings
from serving.errors import KeyUnreadableError, NotPublishedError
from serving.session import Session, open_session

Say = Callable[[str], None]
_RESULT = "4GB"


def write_archive(
    settings: Settings, subject: Subject, target: BinaryIO, *, say: Say = lambda _: None
) -> dict[str, int]:
    """Write a zip of everything about a member, or of everything of a partner.

    Args:
        settings: Where everything lies.
        subject: A member or a partner.
        target: Where the zip goes; it need not be seekable.
        say: Told what is written.

    Returns:
        Rows by table.

    Raises:
        PrivacyRequestError: It is neither; tenants and connections are in their partner's.
        QueryError: A mart cannot be read.
        SourceError: The lake does not answer.
        UnknownParentError: There is no such subject.
    """
    if subject.kind not in (SubjectKind.MEMBER, SubjectKind.PARTNER):
        raise PrivacyRequestError(
            f"an archive is of a member or of a partner; a {subject.kind.value} is in its partner's"
        )
    archive = Archive(target)
    with Directory(settings.control) as directory:
        require_subject(directory, subject)
        _add_extract(archive, _extract(directory, subject))
    if subject.kind is SubjectKind.PARTNER:
        _add_marts(archive, settings, subject.partner_id, say)
        _add_lake(archive, settings, subject.partner_id, say)
    archive.add_text("README.txt", readme(subject, archive.tables, datetime.now(UTC)))
    archive.close()
    return archive.tables


def _extract(directory: Directory, subject: Subject) -> Extract:
    if subject.kind is SubjectKind.PARTNER:
        return directory.partner_extract(subject.partner_id)
    member = member_of(directory, subject.partner_id, subject.subject_id)
    return directory.member_extract(subject.partner_id, member.member_id, member.email)


def _add_extract(archive: Archive, extract: Extract) -> None:
    for name, rows in extract.items():
        if rows:
            table = rows_table(rows)
            archive.add_table(f"records/{name}", table.schema, Batches(table))


def _add_marts(archive: Archive, settings: Settings, partner_id: str, say: Say) -> None:
    """Add what is served; where nothing was published yet, the lake alone is all there is."""
    try:
        session = open_session(settings.serving, settings.keys, partner_id, result=_RESULT)
    except (NotPublishedError, KeyUnreadableError):
        return
    with closing(session):
        for name in sorted(session.tables):
            say(f"adding {name}")
            pieces = _MartRows(session, name)
            archive.add_table(f"marts/{name}", pieces.schema, pieces)


class _MartRows(Batches):
    """The rows of a mart, a tenant at a time."""

    def __init__(self, session: Session, name: str) -> None:
        self._session, self._name = session, name
        self.schema: pa.Schema = session.query(f"select * from {name} limit 0").schema

    def __call__(self) -> Iterator[pa.RecordBatch]:
        """Ask for them."""
        if "tenant_id" not in self.schema.names:
            yield from self._session.query(f"select * from {self._name}").to_batches()
            return
        tenants = self._session.query(f"select distinct tenant_id from {self._name} order by 1")
        for tenant_id in tenants["tenant_id"].to_pylist():
            sql = f"select * from {self._name} where tenant_id is not distinct from $tenant"
            yield from self._session.query(sql, {"tenant": tenant_id}).to_batches()


def _add_lake(archive: Archive, settings: Settings, partner_id: str, say: Say) -> None:
    """Add every landed file as a table of its own: files of one table may differ in columns."""
    lake = Storage(settings.lake)
    for found in lake.list_files(f"partner_id={partner_id}"):
        if found.path.endswith(".parquet"):
            say(f"adding {found.path}")
            name = "/".join(part.partition("=")[2] or part for part in found.path.split("/")[1:-1])
            with TemporaryDirectory() as spool:
                rows = _FileRows(lake.fetch(found.path, Path(spool)))
                archive.add_table(f"lake/{name}", rows.schema, rows)


class _FileRows(Batches):
    """The rows of a Parquet file, never all of them at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.schema: pa.Schema = pq.read_schema(path)

    def __call__(self) -> Iterator[pa.RecordBatch]:
        """Read them."""
        with pq.ParquetFile(self._path) as file:
            yield from file.iter_batches(BATCH_ROWS)
