"""What lies in this installation's own folders of a subject: all of it can be made again.

Folders of packages that do not exist yet are looked for by the names that they will have.
"""

from collections.abc import Collection
from itertools import chain
from pathlib import Path

from control.keyring import partner_key_files
from control.privacy_records import Subject, SubjectKind
from pipeline.privacy.found import Found, found_files, found_folder
from pipeline.secret_stores import secret_store
from pipeline.settings import Settings
from serving.generations import limited_folder, partner_folder

_MADE = ("reports", "generated", "enrichment", "deliveries")


def made_traces(
    settings: Settings, subject: Subject, kept_archives: Collection[str] = ()
) -> list[Found]:
    """Return warehouse, temporary files, every kept generation, archives, reports and code.

    All of the partner's go, whichever part of it is erased: they hold its tenants side by side.
    The pointer to the current generation stays while the partner does: it holds no name, and a
    number that was used is never used again.

    Args:
        settings: Where everything lies.
        subject: What is erased.
        kept_archives: Requests whose archives hold nothing of it.
    """
    partner_id, home = subject.partner_id, settings.home.resolve()
    found = [
        found_folder("warehouse and temporary files", settings.work(partner_id)),
        _archives(settings.archives / partner_id, kept_archives),
        *(found_folder(name, home / name / partner_id) for name in _MADE),
    ]
    serving = partner_folder(settings.serving, partner_id)
    if subject.kind is SubjectKind.PARTNER:
        return [*found, found_folder("serving files", serving)]
    return [*found, found_files("serving files", _generations(serving))]


def secret_traces(
    settings: Settings, subject: Subject, connections: Collection[tuple[str, str]]
) -> list[Found]:
    """Return the secrets of its connections: sealed files, and those of another store.

    Args:
        settings: Where they are kept.
        subject: What is erased.
        connections: Tenant and id of each of its connections.
    """
    return [*_sealed(settings, subject), *_stored(settings, subject, connections)]


def _archives(folder: Path, kept: Collection[str]) -> Found:
    if not kept:
        return found_folder("archives", folder)
    return found_files(
        "archives", [p for p in folder.glob("*") if p.name.split(".")[0] not in kept]
    )


def _stored(
    settings: Settings, subject: Subject, connections: Collection[tuple[str, str]]
) -> list[Found]:
    if settings.secrets_store == "file":
        return []
    store = secret_store(settings)

    def remove() -> None:
        for tenant_id, connection_id in connections:
            store.remove(subject.partner_id, tenant_id, connection_id)

    return [Found("secrets in the store", len(connections), remove)]


def _sealed(settings: Settings, subject: Subject) -> list[Found]:
    folder = settings.secrets / subject.partner_id
    if subject.kind is SubjectKind.MEMBER:
        return []
    if subject.kind is SubjectKind.CONNECTION:
        own = folder / subject.tenant_id / f"{subject.subject_id}.sealed"
        return [found_files("secrets", [own] if own.exists() else [])]
    return [found_folder("secrets", folder / subject.tenant_id if subject.tenant_id else folder)]


def key_traces(settings: Settings, subject: Subject) -> list[Found]:
    """Return a partner's keys: without them, what any copy still holds cannot be read."""
    if subject.kind is not SubjectKind.PARTNER:
        return []
    return [found_files("keys", partner_key_files(settings.keys, subject.partner_id))]


def _generations(folder: Path) -> list[Path]:
    own = [folder.glob(f"{hidden}gen-*") for hidden in ("", ".")]
    copies = limited_folder(folder).glob("*gen-*")
    return sorted(path for path in chain(*own, copies) if path.is_file())
