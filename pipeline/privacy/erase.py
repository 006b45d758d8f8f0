"""Erases a member, a connection, a tenant or a partner, everywhere (GDPR, Article 17).

Each step first counts what it finds and remembers that in the request, then removes it; so a kill
at any moment loses nothing of the receipt, and the same call goes on where it was. The rows of the
control database go last, in one transaction with the tombstone, because they say what is to do.
"""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from control.directory import Directory
from control.errors import UnknownParentError
from control.keyring import installation_key
from control.privacy_records import PrivacyRequest, RequestKind, Subject, SubjectKind, Tombstone
from control.tombstones import partner_digest
from ingestion.storage import Storage
from pipeline.backup.erasing import backup_traces
from pipeline.privacy.connection_traces import connection_traces
from pipeline.privacy.finishing import finish_erasure
from pipeline.privacy.found import Found
from pipeline.privacy.history import history_traces
from pipeline.privacy.lake_traces import lake_traces
from pipeline.privacy.local_traces import key_traces, made_traces, secret_traces
from pipeline.privacy.logs import IsOf, log_traces, records_of
from pipeline.privacy.progress import ErasureProgress
from pipeline.privacy.receipts import Receipt
from pipeline.privacy.standstill import erasing_alone, stand_still
from pipeline.privacy.subjects import check_confirmation, check_erasable, require_subject
from pipeline.settings import Settings

Say = Callable[[str], None]


def erase(
    settings: Settings,
    subject: Subject,
    *,
    confirmation: str,
    requested_by: str,
    say: Say = lambda _: None,
) -> Receipt:
    """Erase a subject, or finish an erasure of it that was interrupted.

    Args:
        settings: Where everything lies.
        subject: What goes.
        confirmation: Its name, typed by whoever asks.
        requested_by: Who asks.
        say: Told what happens.

    Raises:
        ControlError: There is no such subject, it is the last admin, or the confirmation is not
            its name.
        ErasureUnderWayError: Another process erases it at this moment.
        IngestionError: The lake or the backups do not answer; the same call goes on.
    """
    with closing(Directory(settings.control)) as directory:
        stone = _tombstone(settings, directory, subject)
        if stone is not None:
            with erasing_alone(settings, stone.partner_id):
                return finish_erasure(settings, directory, stone, subject, say=say)
        check_confirmation(directory, subject, confirmation)
        check_erasable(directory, subject)
        request = directory.open_erasure(subject) or directory.request_privacy(
            subject, RequestKind.ERASURE, requested_by=requested_by
        )
    return perform_erasure(settings, request, say=say)


def perform_erasure(
    settings: Settings, request: PrivacyRequest, *, say: Say = lambda _: None
) -> Receipt:
    """Do what a request to erase asks for; a killed one goes on.

    Raises:
        ControlError: There is no such subject any more, or it is the last admin.
        ErasureUnderWayError: Another process erases something of the partner at this moment.
        IngestionError: The lake or the backups do not answer; the same call goes on.
    """
    subject = request.subject
    whose = partner_digest(installation_key(settings.keys), request.partner_id)
    with erasing_alone(settings, whose), closing(Directory(settings.control)) as directory:
        require_subject(directory, subject)
        check_erasable(directory, subject)
        directory.start_request(request)
        stand_still(settings, directory, request, say)
        job = _Job(settings, directory, request, _prepared(settings, directory, request))
        for name, find in STEPS.items():
            say(f"erasing {name}")
            job.run(name, find)
        say("erasing rows of the control database")
        stone = job.erase_rows()
        return finish_erasure(settings, directory, stone, subject, say=say)


@dataclass(frozen=True)
class _Job:
    """One erasure at work."""

    settings: Settings
    directory: Directory
    request: PrivacyRequest
    progress: ErasureProgress

    @property
    def subject(self) -> Subject:
        return self.request.subject

    def connections(self) -> list[tuple[str, str]]:
        """Return tenant and id of the connections that go."""
        if self.subject.kind is SubjectKind.MEMBER:
            return []
        found = self.directory.connections(self.subject.partner_id, self.subject.tenant_id or None)
        return [
            (each.tenant_id, each.connection_id)
            for each in found
            if self.subject.subject_id in ("", each.connection_id)
        ]

    def others_archives(self) -> list[str]:
        """Return the requests whose archives stay where a member goes: of other members."""
        if self.subject.kind is not SubjectKind.MEMBER:
            return []
        return [
            each.request_id
            for each in self.directory.privacy_requests(self.subject.partner_id)
            if each.subject_kind == SubjectKind.MEMBER and each.subject != self.subject
        ]

    def is_of_log(self) -> IsOf:
        """Return what tells whether a record of the logs goes; words that somebody chose do not."""
        partner_id = self.subject.partner_id
        chosen = {partner_id, *(t.tenant_id for t in self.directory.tenants(partner_id))}
        others = {partner.partner_id for partner in self.directory.partners()} - {partner_id}
        return records_of(self.subject, set(self.progress.names) - chosen, others)

    def run(self, name: str, find: "Callable[[_Job], list[Found]]") -> None:
        """Count, remember, remove; a step that is done is not looked at again."""
        if name in self.progress.done:
            return
        found = find(self)
        self.progress.note(name, {each.what: each.count for each in found})
        self._save()
        for each in found:
            each.remove()
        self.progress.finish(name)
        self._save()

    def erase_rows(self) -> Tombstone:
        """Take out the rows, and leave the tombstone."""
        return self.directory.erase(
            self.request,
            installation_key(self.settings.keys),
            Counter(self.progress.counts()),
            finding_ids=self.progress.finding_ids,
            source_uris=self.progress.source_uris,
            kept=json.dumps({"still_since": self.progress.still_since}),
        )

    def _save(self) -> None:
        self.directory.note_progress_of(self.request, self.progress.dumped())


STEPS: dict[str, Callable[[_Job], list[Found]]] = {
    "the lake": lambda job: lake_traces(
        Storage(job.settings.lake),
        job.subject,
        address=job.progress.address,
        finding_ids=frozenset(job.progress.finding_ids),
    ),
    "warehouse and serving files": lambda job: made_traces(
        job.settings, job.subject, job.others_archives()
    ),
    "secrets": lambda job: secret_traces(job.settings, job.subject, job.connections()),
    "history of the orchestrator": lambda job: history_traces(
        job.settings, job.subject, job.progress.address
    ),
    "logs": lambda job: log_traces(job.settings.logs, job.is_of_log()),
    "backups": lambda job: backup_traces(job.settings, job.subject),
    "keys": lambda job: key_traces(job.settings, job.subject),
}
"""What goes before the rows, in this order; each can be done again and finds what is left."""


def _prepared(settings: Settings, directory: Directory, request: PrivacyRequest) -> ErasureProgress:
    """Return how far an erasure is, with what is to be known before anything is gone."""
    held = directory.privacy_request(request.partner_id, request.request_id)
    progress = ErasureProgress.loaded(json.loads(held.progress))
    if progress.is_prepared:
        return progress
    subject = request.subject
    names = directory.names(subject)
    findings, uris = frozenset[str](), frozenset[str]()
    if subject.kind is SubjectKind.MEMBER:
        progress.address = names[-1]
    if subject.kind is SubjectKind.CONNECTION:
        sources = directory.sources(subject.partner_id, subject.tenant_id)
        traces = connection_traces(Storage(settings.lake), subject, sources, names)
        findings, uris = traces.finding_ids, traces.source_uris
    progress.know(names, findings, uris)
    directory.note_progress_of(request, progress.dumped())
    return progress


def _tombstone(settings: Settings, directory: Directory, subject: Subject) -> Tombstone | None:
    """Return the tombstone of a subject that is gone; None of one that is there.

    Raises:
        UnknownParentError: It is not there and never was.
    """
    try:
        require_subject(directory, subject)
    except UnknownParentError:
        stones = directory.tombstones_of(installation_key(settings.keys), subject)
        if not stones:
            raise
        return stones[0]
    return None
