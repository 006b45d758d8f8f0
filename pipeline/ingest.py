"""Lands a tenant's cost exports and records it in the control database."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from control.directory import Directory
from control.keyring import installation_key
from control.privacy_records import Subject, SubjectKind
from control.tombstones import Erased
from ingestion.costs import ingest
from ingestion.costs.engine import Limits
from ingestion.costs.ingest import NewDelivery
from ingestion.costs.report import IngestReport, Outcome
from ingestion.errors import SourceError
from ingestion.lake import TenantLake
from ingestion.names import checked_name
from ingestion.storage import Storage
from pipeline.locking import tenant_lock
from pipeline.processing import processing, require_processing
from pipeline.settings import Settings

_OF_SQLITE = ("", "-wal", "-shm", "-journal")
Say = Callable[[str], None]


def ingest_costs(
    settings: Settings,
    partner_id: str,
    tenant_id: str,
    source: str,
    *,
    billing_period: str | None = None,
    take_over: bool = False,
    makes_tenant: bool = False,
    say: Say = lambda _: None,
    on_outcome: Callable[[Outcome], None] = lambda _: None,
) -> IngestReport:
    """Land every cost export below a source.

    Args:
        settings: Where state lies.
        partner_id: Whose tenant.
        tenant_id: Whose bills.
        source: A file, a folder, `s3://bucket/prefix` or `az://container/prefix`.
        billing_period: Land this month alone (`YYYY-MM`), or None for all.
        take_over: Let these deliveries replace those of another export, and newer ones.
        makes_tenant: Make partner and tenant where they are new, as only the operator does.
        say: Told what runs.
        on_outcome: Told what became of each delivery, as it is known.

    Raises:
        InvalidNameError: A name that cannot become a path.
        RestrictedError: The partner or the tenant may not be processed.
        SourceError: The source is not there or cannot be listed.
        UnknownParentError: There is no such tenant; one that was erased stays so.
    """
    checked_name(partner_id, what="partner")
    checked_name(tenant_id, what="tenant")
    address = _address(source)
    _refuse_own(settings, address)
    lake = TenantLake(settings.lake, partner_id, tenant_id)
    lock, waiting = tenant_lock(settings, partner_id, tenant_id), f"lands data of {tenant_id}"
    with closing(Directory(settings.control)) as directory, ExitStack() as held:
        if makes_tenant:  # before the wait: what is erased meanwhile stays so
            directory.require_processing(partner_id, tenant_id)
            directory.ensure_tenant(partner_id, tenant_id)
        held.enter_context(
            processing(settings, partner_id, tenant_id, lock=lock, waiting=waiting, say=say)
        )
        directory.add_source(partner_id, tenant_id, address)

        def record(outcome: Outcome) -> None:
            _record(directory, partner_id, tenant_id, outcome)
            on_outcome(outcome)

        return ingest.ingest_costs(
            lake,
            Storage(address, _own_state(settings)),
            limits=_limits(settings),
            billing_period=billing_period,
            take_over=take_over,
            is_erased=_erased(settings, directory, partner_id, tenant_id, take_over=take_over),
            say=say,
            on_outcome=record,
        )


def new_deliveries(settings: Settings, partner_id: str, tenant_id: str) -> tuple[NewDelivery, ...]:
    """Return the deliveries under a tenant's sources that have not been decided on.

    Raises:
        RestrictedError: The partner or the tenant may not be processed.
        SourceError: A source is not there or cannot be listed.
        UnknownParentError: There is no such tenant any more.
    """
    lake = TenantLake(settings.lake, partner_id, tenant_id)
    require_processing(settings, partner_id, tenant_id)
    with closing(Directory(settings.control)) as directory:
        sources = directory.sources(partner_id, tenant_id)
    return tuple(
        new
        for source in sources
        for new in ingest.new_deliveries(
            lake, Storage(source, _own_state(settings)), limits=_limits(settings)
        )
    )


def _erased(
    settings: Settings, directory: Directory, partner_id: str, tenant_id: str, *, take_over: bool
) -> Callable[[str], bool]:
    """Return whether a connection of the tenant was erased, and nobody connected it since."""
    stones = directory.tombstones()
    if take_over or not stones:
        return lambda _: False
    known = {each.connection_id for each in directory.connections(partner_id, tenant_id)}
    erased = Erased(installation_key(settings.keys), stones)

    def is_erased(connection_id: str) -> bool:
        subject = Subject(SubjectKind.CONNECTION, partner_id, tenant_id, connection_id)
        return connection_id not in known and erased.has_just(subject)

    return is_erased


def _address(source: str) -> str:
    if "://" in source:
        return source
    try:
        path = Path(source).expanduser().resolve()
        is_there = path.exists()
    except (OSError, RuntimeError, ValueError) as error:
        raise SourceError(
            f"{source} cannot be looked at ({error}); give a path that the user that runs this "
            "may read"
        ) from error
    if not is_there:
        raise SourceError(f"{source} is neither a file nor a folder; give a path that exists")
    return str(path)


def _own_state(settings: Settings) -> tuple[Path, ...]:
    """Return where this installation keeps its state, other partners' bills among it."""
    home = settings.home.resolve()
    database = settings.control.removeprefix("sqlite:///")
    files = [] if "://" in database else [Path(database + end) for end in _OF_SQLITE]
    addresses = (settings.lake, settings.backups)
    folders = (settings.serving, settings.keys, settings.secrets, settings.archives, settings.logs)
    return (
        *(Path(address).resolve() for address in addresses if "://" not in address),
        *folders,
        *files,
        home / "work",
    )


def _refuse_own(settings: Settings, address: str) -> None:
    """Refuse a source in state of this installation, or a bucket's folder that holds it.

    Below a local folder it is left out.
    """
    source = f"{address.rstrip('/')}/"
    own = [*map(str, _own_state(settings)), settings.lake, settings.backups]
    states = [f"{each.rstrip('/')}/" for each in own]
    if any(source.startswith(each) for each in states) or (
        "://" in address and any(each.startswith(source) for each in states)
    ):
        raise SourceError(
            f"{address} holds state of this installation, no exports; give the folder that the "
            "provider delivers to"
        )


def _limits(settings: Settings) -> Limits:
    return Limits(settings.work_memory, settings.work_threads)


def _record(directory: Directory, partner_id: str, tenant_id: str, outcome: Outcome) -> None:
    if not outcome.connection_id or not outcome.billing_period or not outcome.load_id:
        return
    now = datetime.now(UTC)
    directory.record_connection(
        partner_id,
        tenant_id,
        outcome.connection_id,
        provider=outcome.provider or "other",
        scope=outcome.scope or "",
    )
    directory.record_load(
        partner_id,
        tenant_id,
        outcome.connection_id,
        outcome.billing_period,
        load_id=outcome.load_id,
        dataset=outcome.dataset or "",
        status=outcome.kind.value,
        row_count=outcome.row_count,
        rejected_row_count=outcome.rejected_row_count,
        byte_count=outcome.byte_count,
        delivered_at=outcome.delivered_at or now,
        loaded_at=now,
        message=outcome.message,
    )
