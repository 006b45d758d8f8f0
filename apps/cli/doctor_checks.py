"""What `cloudprune doctor` looks at; each check ends in a finding, never in an exception."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

import duckdb
from rich.markup import escape

from apps.cli.acting import as_operator
from apps.cli.errors import EXPECTED
from control.directory import Directory
from control.errors import RestrictedError
from control.records import Partner
from control.roles import Action
from control.secret_expiry import reminder
from pipeline.settings import Settings
from serving.encryption import load_encryption
from serving.keys import key_path
from serving.session import open_session

_FREE_BYTES = 5 * 10**9
_STALE_DAYS = 3


class State(Enum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Check:
    """One finding, and what to do about it if anything."""

    name: str
    state: State
    finding: str
    advice: str = ""


def all_checks(settings: Settings) -> Iterator[Check]:
    """Yield every check: the machine first, then each partner."""
    yield Check("Python", State.OK, sys.version.split()[0])
    yield _home(settings)
    yield _space(settings)
    yield _extensions()
    try:
        with Directory(settings.control) as directory:
            partners = directory.partners()
            tenants = {
                partner.partner_id: len(directory.tenants(partner.partner_id))
                for partner in partners
            }
    except EXPECTED as error:
        advice = "Restore it from a backup, or set CLOUDPRUNE_CONTROL_URL to the right one."
        yield Check("Control database", State.FAILED, escape(str(error)), advice)
        return
    found = f"{len(partners)} partners, {sum(tenants.values())} tenants"
    advice = "" if partners else "Land a bill: cloudprune ingest PATH --partner P --tenant T"
    yield Check("Control database", State.OK if partners else State.WARNING, found, advice)
    for partner in partners:
        try:
            with as_operator(settings, partner.partner_id, Action.SEE_HEALTH, "doctor"):
                found_here = [_partner(settings, partner), *_secrets(settings, partner)]
        except RestrictedError as error:
            found_here = [Check(f"Partner {partner.partner_id}", State.WARNING, escape(str(error)))]
        yield from found_here


def _secrets(settings: Settings, partner: Partner) -> Iterator[Check]:
    """Yield a check per secret that should be renewed."""
    today = datetime.now(UTC).date()
    with Directory(settings.control) as directory:
        states = directory.connection_states(partner.partner_id)
    for state in states:
        told = reminder(state.secret_expires_on, today) if state.secret_expires_on else None
        if told and told.is_due:
            advice = (
                f"Make a new secret for the application, then: cloudprune connect azure "
                f"--partner {state.partner_id} --tenant {state.tenant_id}"
            )
            name = f"Connection {state.connection_id} of {state.partner_id}/{state.tenant_id}"
            level = State.FAILED if told.is_over else State.WARNING
            yield Check(name, level, told.sentence, advice)


def _home(settings: Settings) -> Check:
    home = settings.home.resolve()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        advice = "Set CLOUDPRUNE_HOME to a folder that you can write to."
        return Check("State folder", State.FAILED, escape(f"{home}: {error.strerror}"), advice)
    return Check("State folder", State.OK, escape(str(home)))


def _space(settings: Settings) -> Check:
    home = settings.home.resolve()
    free = shutil.disk_usage(home if home.exists() else home.anchor).free
    finding = f"{free / 10**9:,.0f} GB free"
    if free < _FREE_BYTES:
        advice = "Large exports need room: free some, or move CLOUDPRUNE_HOME."
        return Check("Disk", State.WARNING, finding, advice)
    return Check("Disk", State.OK, finding)


def _extensions() -> Check:
    try:
        with duckdb.connect() as connection:
            load_encryption(connection)
    except (duckdb.Error, OSError, ImportError) as error:
        advice = "Install the locked packages again: make setup"
        return Check("Encryption", State.FAILED, escape(str(error)), advice)
    return Check("Encryption", State.OK, f"DuckDB {duckdb.__version__} with its extensions")


def _partner(settings: Settings, partner: Partner) -> Check:
    name = f"Partner {partner.partner_id}"
    if not key_path(settings.keys, partner.partner_id).exists():
        advice = (
            f"cloudprune build --partner {partner.partner_id} && "
            f"cloudprune publish --partner {partner.partner_id}"
        )
        return Check(name, State.WARNING, "nothing is published yet", advice)
    try:
        with open_session(settings.serving, settings.keys, partner.partner_id) as session:
            rows = session.query(
                "select max(loaded_at) as loaded_at, "
                "date_diff('day', max(loaded_at), now()) as age from fct_load_freshness"
            ).to_pylist()
    except EXPECTED as error:
        advice = f"Publish anew: cloudprune publish --partner {partner.partner_id}"
        return Check(name, State.FAILED, escape(str(error)), advice)
    loaded_at, age = rows[0]["loaded_at"], rows[0]["age"]
    finding = (
        f"generation {session.generation} of {session.published_at:%Y-%m-%d %H:%M} UTC, "
        f"newest load {loaded_at:%Y-%m-%d %H:%M} UTC"
        if loaded_at
        else f"generation {session.generation}, without loads"
    )
    if age is None or age > _STALE_DAYS:
        advice = f"Its newest load is older than {_STALE_DAYS} days: ingest the next delivery."
        return Check(name, State.WARNING, finding, advice)
    return Check(name, State.OK, finding)
