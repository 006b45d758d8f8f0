"""Deliveries below a source: which files belong together, and which delivery is the newest.

A delivery is one complete export of a billing scope: the files that a manifest names, the numbered
parts of one file, or a single file.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingestion.costs.fingerprints import load_id
from ingestion.costs.manifests import Manifest, read_manifest
from ingestion.costs.numbered import joined_parts
from ingestion.costs.reading import reading
from ingestion.costs.report import Kind, Outcome
from ingestion.costs.sidecars import is_sidecar, may_be_misnamed
from ingestion.errors import IncompleteDeliveryError, IngestionError, UnreadableFileError
from ingestion.storage import Storage, StoredFile

_MANIFEST_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Delivery:
    """Files that are one export of one moment.

    Attributes:
        name: What messages call it: path of its manifest or first file.
        files: Its data files.
        load_id: Digest of the content; equal content has an equal id.
        manifest: What the provider says of it, or None.
    """

    name: str
    files: tuple[StoredFile, ...]
    load_id: str
    manifest: Manifest | None = None

    @property
    def byte_count(self) -> int:
        """Size of the data files."""
        return sum(found.size for found in self.files)

    @property
    def delivered_at(self) -> datetime:
        """When the provider made it, else when its newest file was written."""
        if self.manifest and self.manifest.submitted_at:
            return self.manifest.submitted_at
        return max(found.modified for found in self.files)

    @property
    def billing_period(self) -> str | None:
        """The month its manifest names."""
        return self.manifest.billing_period if self.manifest else None


@dataclass(frozen=True, slots=True)
class Found:
    """What lies below a source.

    Attributes:
        deliveries: Those to land, oldest first.
        superseded: Those whose manifest shows that a newer delivery has replaced them.
        outcomes: Files and manifests that are no delivery, each with the reason.
    """

    deliveries: tuple[Delivery, ...]
    superseded: tuple[Delivery, ...]
    outcomes: tuple[Outcome, ...]


def find_deliveries(source: Storage) -> Found:
    """List a source and group its files into deliveries.

    Raises:
        SourceError: The source cannot be listed.
    """
    listing = list(source.list_files())
    outcomes = [_broken_link(path) for path in source.list_broken_links()]
    own = ", ".join(source.uri(path) for path in source.list_left_out())
    outcomes += [_skipped(own, "is state of this installation, no exports")] if own else []
    outcomes += [_closed_folder(source.uri(path)) for path in source.list_closed_folders()]
    manifests, others = _split_manifests(source, listing, outcomes)
    by_name: dict[str, list[StoredFile]] = defaultdict(list)
    for found in others:
        by_name[found.name].append(found)
    named: set[str] = set()
    stated: list[Delivery] = []
    for manifest in manifests:
        if manifest.dataset == "":
            named.update(found.path for found in _files_of(manifest, by_name, lenient=True))
            outcomes.append(
                _skipped(manifest.path, "is a manifest of an export without cost lines")
            )
            continue
        try:
            files = _files_of(manifest, by_name)
            digest = load_id(source, files, manifest)
        except IngestionError as error:
            named.update(found.path for found in _files_of(manifest, by_name, lenient=True))
            outcomes.append(_failed(manifest, error))
            continue
        named.update(found.path for found in files)
        stated.append(Delivery(manifest.path, files, digest, manifest))
    current, superseded = _newest(stated)
    deliveries = [*current, *_by_stem(source, _loose(others, named, outcomes), outcomes)]
    deliveries.sort(key=lambda delivery: (delivery.delivered_at, delivery.name))
    return Found(tuple(deliveries), tuple(superseded), tuple(outcomes))


def _loose(
    others: Iterable[StoredFile], named: set[str], outcomes: list[Outcome]
) -> list[StoredFile]:
    """Return the files that no manifest names and that may be exports; tell of the others."""
    beside = {path.rpartition("/")[0] for path in named}
    loose = []
    for found in others:
        if found.path in named:
            continue
        if is_sidecar(found.path):
            outcomes += _misnamed(found.path)
        elif found.folder in beside:
            outcomes.append(
                _skipped(found.path, "lies beside a delivery whose manifest does not name it")
            )
        else:
            loose.append(found)
    return loose


def _split_manifests(
    source: Storage, listing: Iterable[StoredFile], outcomes: list[Outcome]
) -> tuple[list[Manifest], list[StoredFile]]:
    manifests: list[Manifest] = []
    others: list[StoredFile] = []
    for found in listing:
        if not found.path.lower().endswith(".json") or found.size > _MANIFEST_BYTES:
            others.append(found)
            continue
        try:
            with reading(found.path):
                content = source.read(found.path) or b""
            manifest = read_manifest(found.path, content)
        except IngestionError as error:
            outcomes.append(Outcome(Kind.FAILED, found.path, str(error)))
            continue
        if manifest:
            manifests.append(manifest)
    return manifests, others


def _files_of(
    manifest: Manifest, by_name: Mapping[str, list[StoredFile]], *, lenient: bool = False
) -> tuple[StoredFile, ...]:
    """Resolve a manifest's keys, which name a bucket's paths, to files of the source."""
    found = []
    for key in dict.fromkeys(manifest.keys):
        match = _resolve(key, manifest, by_name.get(key.rsplit("/", 1)[-1], []))
        if match and match not in found:
            found.append(match)
        elif not lenient:
            raise IncompleteDeliveryError(
                f"{manifest.path} names {key}, which is not there; copy the whole delivery, "
                "nothing of it was taken"
            )
    if not found and not lenient:
        raise IncompleteDeliveryError(
            f"{manifest.path} names no data file: the provider's export of "
            f"{manifest.billing_period or 'this month'} is not there yet; run the export again"
        )
    return tuple(found)


def _resolve(key: str, manifest: Manifest, files: Sequence[StoredFile]) -> StoredFile | None:
    """Return the file with the longest common end of its path, the nearest to the manifest.

    What stands before that end is where the bucket was copied to, and holds the manifest too: a
    file of that name elsewhere is another delivery's.
    """
    wanted = key.split("/")
    around = manifest.path.split("/")
    best: tuple[int, int] = (0, 0)
    match = None
    for found in files:
        parts = found.path.split("/")
        length = _common(reversed(parts), reversed(wanted))
        root = parts[:-length]
        rank = (length, _common(parts, around))
        if around[: len(root)] == root and rank > best:
            best, match = rank, found
    return match


def _common(left: Iterable[str], right: Iterable[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _newest(deliveries: Iterable[Delivery]) -> tuple[list[Delivery], list[Delivery]]:
    """Split off the deliveries that another manifest of the same export and month replaces.

    The provider's time decides where it is written. AWS writes none, but overwrites the manifest
    one folder above: that one names the current assembly.
    """
    groups: dict[object, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        groups[delivery.manifest.identity if delivery.manifest else delivery.name].append(delivery)
    current: list[Delivery] = []
    replaced: list[Delivery] = []
    for group in groups.values():
        distinct = {delivery.load_id: delivery for delivery in group}
        keep = _deciding(group)
        current.extend(d for d in distinct.values() if d.load_id in keep)
        replaced.extend(d for d in distinct.values() if d.load_id not in keep)
    return current, replaced


def _deciding(group: Sequence[Delivery]) -> set[str]:
    manifests = [(d, d.manifest) for d in group if d.manifest]
    if all(manifest.submitted_at for _, manifest in manifests):
        return {max(group, key=lambda delivery: delivery.delivered_at).load_id}
    folders = {delivery.load_id: manifest.folder for delivery, manifest in manifests}
    above = {
        delivery.load_id
        for delivery, manifest in manifests
        if any(f.startswith(f"{manifest.folder}/") for f in folders.values())
        or (not manifest.folder and len(folders) > 1)
    }
    return above or {delivery.load_id for delivery in group}


def _by_stem(
    source: Storage, files: Iterable[StoredFile], outcomes: list[Outcome]
) -> Iterator[Delivery]:
    """Join numbered parts of one file; those that cannot be read are told as outcomes."""
    for parts in joined_parts(files):
        try:
            digest = load_id(source, parts, None)
        except UnreadableFileError as error:
            outcomes.append(Outcome(Kind.FAILED, parts[0].path, str(error)))
            continue
        yield Delivery(parts[0].path, parts, digest)


def _skipped(path: str, reason: str) -> Outcome:
    return Outcome(Kind.SKIPPED, path, f"{path} {reason}; skipped")


def _misnamed(path: str) -> list[Outcome]:
    words = "was not read, as its name is no export's: if it is one, name it .csv or .parquet"
    return [_skipped(path, words)] if may_be_misnamed(path) else []


def _broken_link(path: str) -> Outcome:
    words = f"{path} is a link to a file that is not there; restore the file or remove the link"
    return Outcome(Kind.FAILED, path, words)


def _closed_folder(address: str) -> Outcome:
    words = f"{address} is a folder that may not be read; let the user that runs this read it"
    return Outcome(Kind.FAILED, address, words)


def _failed(manifest: Manifest, error: IngestionError) -> Outcome:
    return Outcome(Kind.FAILED, manifest.path, str(error), billing_period=manifest.billing_period)
