"""What a delivery's manifest says, in the three forms that providers write.

AWS legacy reports write `assemblyId` and `reportKeys`; AWS Data Exports `dataFiles` and an
execution id; Azure exports `exportConfig`, `runInfo` and `blobs` (Cost Management export manifest).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ingestion.errors import UnreadableFileError

_AZURE_DATASETS = {
    "actualcost": "azure_actual",
    "usage": "azure_actual",
    "amortizedcost": "azure_amortized",
    "focuscost": "focus",
}
_EXPORT_IN_SCOPE = re.compile(r"/providers/microsoft\.costmanagement/exports/[^/]+$")
_MONTH = re.compile(r"(?P<year>[12]\d{3})-?(?P<month>0[1-9]|1[0-2])", re.ASCII)
_PERIOD_IN_PATH = re.compile(r"billing_period=([12]\d{3}-(?:0[1-9]|1[0-2]))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One delivery in its provider's words.

    Attributes:
        path: Where it lies below the source.
        provider: aws or azure.
        export_name: Name of the export.
        delivery_id: Assembly, execution or run.
        keys: Data files, as the provider names them.
        billing_period: `YYYY-MM`, or None if it does not say.
        submitted_at: When the provider made it, UTC, or None if it does not say.
        scope: Billing scope, or None if it does not say.
        dataset: Which cost export it is, None if its content tells, "" if it holds no costs.
        row_count: Lines it must hold, or None.
    """

    path: str
    provider: str
    export_name: str
    delivery_id: str
    keys: tuple[str, ...]
    billing_period: str | None
    submitted_at: datetime | None = None
    scope: str | None = None
    dataset: str | None = None
    row_count: int | None = None

    @property
    def folder(self) -> str:
        """Folder that it lies in."""
        return self.path.rpartition("/")[0]

    @property
    def identity(self) -> tuple[str, str, str | None, str | None]:
        """What two deliveries of one export and month share."""
        return (self.provider, self.export_name, self.scope or self.dataset, self.billing_period)


def read_manifest(path: str, content: bytes) -> Manifest | None:
    """Return the manifest in a JSON file, None if it is something else.

    Raises:
        UnreadableFileError: It is named like a manifest and is not readable JSON.
    """
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # a number too long, objects too deep
        if "manifest" in path.rsplit("/", 1)[-1].lower():
            raise UnreadableFileError(
                f"{path} is no readable JSON ({error}); fetch the manifest again"
            ) from error
        return None
    if not isinstance(found, dict):
        return None
    for marks, reader in (
        (("assemblyId", "reportKeys"), _aws_legacy),
        (("dataFiles",), _aws_data_export),
        (("exportConfig", "blobs"), _azure),
    ):
        if all(mark in found for mark in marks):
            try:
                return _checked(reader(path, found))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise UnreadableFileError(
                    f"{path} is a manifest of a form we do not know ({error!r}); "
                    "fetch it again or report its form"
                ) from error
    return None


def _checked(manifest: Manifest) -> Manifest:
    """Return a manifest whose texts are texts, which paths and digests are made of."""
    for written in (manifest.export_name, manifest.delivery_id, manifest.scope or ""):
        written.encode()
    for key in manifest.keys:
        if not isinstance(key, str) or not key:
            raise ValueError(f"{key!r} is no name of a file")
        key.encode()
    return manifest


def _aws_legacy(path: str, found: Mapping[str, Any]) -> Manifest:
    return Manifest(
        path=path,
        provider="aws",
        export_name=str(found.get("reportName") or ""),
        delivery_id=str(found["assemblyId"]),
        keys=_listed(found["reportKeys"]),
        billing_period=_month((found.get("billingPeriod") or {}).get("start")),
        scope=str(found["account"]) if found.get("account") else None,
    )


def _aws_data_export(path: str, found: Mapping[str, Any]) -> Manifest:
    in_path = _PERIOD_IN_PATH.search(path)
    name = path.rsplit("/", 1)[-1].removesuffix(".json").removesuffix("-Manifest")
    files = [item if isinstance(item, str) else item["key"] for item in _listed(found["dataFiles"])]
    execution = found.get("executionId") or found.get("exportExecutionId") or ""
    return Manifest(
        path=path,
        provider="aws",
        export_name=str(found.get("exportName") or found.get("name") or name),
        delivery_id=str(execution),
        keys=tuple(files),
        billing_period=in_path.group(1) if in_path else _month(found.get("billingPeriodStart")),
    )


def _azure(path: str, found: Mapping[str, Any]) -> Manifest:
    config, run = found["exportConfig"], found.get("runInfo") or {}
    kind = str(config.get("type") or "").lower()
    return Manifest(
        path=path,
        provider="azure",
        export_name=str(config.get("exportName") or ""),
        delivery_id=str(run.get("runId") or ""),
        keys=tuple(blob["blobName"] for blob in _listed(found["blobs"])),
        billing_period=_month(run.get("startDate")),
        submitted_at=_instant(run.get("submittedTime")),
        scope=_azure_scope(str(config.get("resourceId") or "")),
        dataset=_AZURE_DATASETS.get(kind, "") if kind else None,
        row_count=_count(found.get("dataRowCount")),
    )


def _azure_scope(resource_id: str) -> str | None:
    """Return the scope that an export lies in; its resource id names the export too."""
    return _EXPORT_IN_SCOPE.sub("", resource_id.lower().rstrip("/")) or None


def _listed(items: Any) -> tuple[Any, ...]:
    if not isinstance(items, list):
        raise TypeError(f"{str(items)[:60]!r} is no list of files")
    return tuple(items)


def _count(written: Any) -> int | None:
    if written is None:
        return None
    if isinstance(written, bool) or not re.fullmatch(r"\d{1,18}(\.0*)?", str(written)):
        raise ValueError(f"{str(written)[:60]!r} is no number of lines")
    return int(str(written).partition(".")[0])


def _month(written: str | None) -> str | None:
    if not written:
        return None
    found = _MONTH.match(written)
    if not found:
        raise ValueError(f"{written[:60]!r} begins with no month")
    return f"{found['year']}-{found['month']}"


def _instant(written: str | None) -> datetime | None:
    if not written:
        return None
    # Azure writes seven decimals of a second; the language reads six.
    shortened = re.sub(r"(\.\d{6})\d+", r"\1", written).replace("Z", "+00:00")
    moment = datetime.fromisoformat(shortened)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
