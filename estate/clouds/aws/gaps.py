"""What moto lacks or gets wrong for a scan, put right in its own process.

Trust policies are enforced with their External ID, ids can be chosen, answers come in pages, only
the estate's regions are enabled, and images tell the size of their snapshot.
"""

import base64
import json
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import moto.ec2.utils
import moto.elbv2.models
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.ec2.models.amis import Ami
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.responses.amis import AmisResponse
from moto.ec2.responses.elastic_block_store import ElasticBlockStore
from moto.ec2.responses.launch_templates import LaunchTemplates
from moto.ec2.responses.nat_gateways import NatGateways
from moto.iam.models import iam_backends
from moto.sts.models import STSBackend

from estate.catalogue import REGIONS

_MAX_RESULTS = 1000
_MAKE_ARN = "make_arn_for_load_balancer"
_ROLE = re.compile(r"arn:aws:iam::(\d{12}):role/(?:.+/)?([^/]+)")
_PAGED: tuple[tuple[type, str, str], ...] = (
    (ElasticBlockStore, "describe_volumes", "Volumes"),
    (ElasticBlockStore, "describe_snapshots", "Snapshots"),
    (AmisResponse, "describe_images", "Images"),
    (NatGateways, "describe_nat_gateways", "NatGateways"),
    (LaunchTemplates, "describe_launch_template_versions", "LaunchTemplateVersions"),
)


class AccessDeniedError(ServiceException):
    """Someone may not assume a role."""

    code = "AccessDenied"


class InvalidTokenError(ServiceException):
    """A further page is asked for with a token that was not given."""

    code = "InvalidNextToken"


class ChosenIds:
    """Ids that the next resources get, by their prefix; without any, moto draws them."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[str]] = defaultdict(deque)

    def choose(self, ids: Iterable[str]) -> None:
        """Give ids to the next resources of their kinds."""
        for found in ids:
            self._waiting[_prefix(found)].append(found)

    def take(self, prefix: str) -> str | None:
        """Return the id chosen for the next resource; None if there is none."""
        waiting = self._waiting[prefix]
        return waiting.popleft() if waiting else None


def _prefix(resource_id: str) -> str:
    return "arn" if resource_id.startswith("arn:") else resource_id.partition("-")[0]


def close_gaps() -> ChosenIds:
    """Put moto right; return where ids are chosen."""
    ids = ChosenIds()
    _choose_ids(ids)
    _enforce_trust()
    enabled = frozenset(REGIONS["aws"])
    known = RegionsAndZonesBackend.regions
    RegionsAndZonesBackend.regions = [found for found in known if found.name in enabled]
    _put(Ami, "block_device_mappings", property(_block_devices))
    for owner, operation, key in _PAGED:
        _put(owner, operation, _in_pages(getattr(owner, operation), key))
    return ids


def _put(owner: type, name: str, ours: object) -> None:
    """Put ours in the place of what moto has under a name."""
    setattr(owner, name, ours)


def _choose_ids(ids: ChosenIds) -> None:
    random_id = moto.ec2.utils.random_id
    make_arn = getattr(moto.elbv2.models, _MAKE_ARN)

    def chosen_id(prefix: str = "", size: int = 17) -> str:
        return ids.take(prefix) or random_id(prefix, size)

    def chosen_arn(**names: str) -> str:
        return ids.take("arn") or str(make_arn(**names))

    moto.ec2.utils.random_id = chosen_id
    setattr(moto.elbv2.models, _MAKE_ARN, chosen_arn)


def _block_devices(image: Ami) -> list[dict[str, Any]]:
    snapshot = image.ebs_snapshot
    disk = {
        "SnapshotId": snapshot.id,
        "VolumeSize": snapshot.volume_size,
        "DeleteOnTermination": True,
        "VolumeType": "gp3",
    }
    return [{"DeviceName": image.root_device_name, "Ebs": disk}]


def _enforce_trust() -> None:
    assume_role = STSBackend.assume_role

    def assume_trusted(backend: STSBackend, **request: Any) -> Any:
        if not is_trusted(backend.account_id, request["role_arn"], request.get("external_id")):
            raise AccessDeniedError(
                f"User: arn:aws:iam::{backend.account_id}:user/scanner is not authorized to "
                f"perform: sts:AssumeRole on resource: {request['role_arn']}"
            )
        return assume_role(backend, **request)

    _put(STSBackend, "assume_role", assume_trusted)


def is_trusted(caller: str, role_arn: str, external_id: str | None) -> bool:
    """Return whether a role exists and its trust policy lets the caller assume it."""
    named = _ROLE.fullmatch(role_arn)
    if named is None:
        return False
    roles = iam_backends[named[1]]["aws"].roles.values()
    role = next((found for found in roles if found.name == named[2]), None)
    if role is None:
        return False
    statements = json.loads(role.assume_role_policy_document)["Statement"]
    return any(_allows(statement, caller, external_id) for statement in statements)


def _allows(statement: Mapping[str, Any], caller: str, external_id: str | None) -> bool:
    wanted = statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId")
    return (
        statement["Effect"] == "Allow"
        and f"::{caller}:" in str(statement["Principal"].get("AWS", ""))
        and (wanted is None or wanted == external_id)
    )


def _in_pages(answer_whole: Callable[[Any], ActionResult], key: str) -> Callable[[Any], Any]:
    """Return an operation that answers `MaxResults` of its items, 1,000 at most, and a token."""

    def answer(response: Any) -> ActionResult:
        read = response._get_param  # noqa: SLF001 - how moto's answers read parameters
        token, wanted = read("NextToken"), read("MaxResults")
        found = cast(dict[str, Any], answer_whole(response).result)
        items = list(found[key])
        first = _read_token(token)
        last = first + min(int(wanted or _MAX_RESULTS), _MAX_RESULTS)
        page = {**found, key: items[first:last]}
        page["NextToken"] = _write_token(last) if last < len(items) else None
        return ActionResult(page)

    return answer


def _write_token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"from={offset}".encode()).decode()


def _read_token(token: str | None) -> int:
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token).decode().removeprefix("from="))
    except ValueError as error:
        raise InvalidTokenError("The NextToken is not valid.") from error
