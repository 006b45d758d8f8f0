"""A loopback AWS for scale: lists of any length, whose pages are prepared beforehand.

It answers what a scan of one account asks, and is quick enough that a benchmark measures the
scanner: moto needs 38 seconds for 5,000 instances.
"""

import contextlib
import json
import multiprocessing
import os
import threading
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection as Pipe
from typing import Any
from urllib.parse import parse_qs

from estate.catalogue import REGIONS
from estate.dice import noise

ACCOUNT_ID = "000000000042"
PAGE_SIZES = {"DescribeVolumes": 1000, "DescribeInstances": 1000}
_START_S = 120
_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
_EMPTY_LISTS = {
    "DescribeVolumes": "<volumeSet/>",
    "DescribeInstances": "<reservationSet/>",
    "DescribeSnapshots": "<snapshotSet/>",
    "DescribeImages": "<imagesSet/>",
    "DescribeAddresses": "<addressesSet/>",
    "DescribeNatGateways": "<natGatewaySet/>",
    "DescribeLaunchTemplates": "<launchTemplates/>",
    "DescribeAutoScalingGroups": "<DescribeAutoScalingGroupsResult><AutoScalingGroups/>"
    "</DescribeAutoScalingGroupsResult>",
    "DescribeLoadBalancers": "<DescribeLoadBalancersResult><LoadBalancers/>"
    "<LoadBalancerDescriptions/></DescribeLoadBalancersResult>",
}
_CREATED = "2026-01-05T08:00:00.000Z"


@dataclass(frozen=True, slots=True)
class RunningPages:
    """The loopback server while it answers."""

    url: str

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that lead clients here."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "prepared",
            "AWS_SECRET_ACCESS_KEY": "prepared",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    @property
    def role_arn(self) -> str:
        """A role that anybody may assume."""
        return f"arn:aws:iam::{ACCOUNT_ID}:role/CloudPruneReadOnly"

    def calls(self) -> dict[str, int]:
        """Return how often each operation was called."""
        with urllib.request.urlopen(f"{self.url}/calls") as answer:  # noqa: S310 - our own server
            return dict(json.load(answer))


@contextmanager
def running_pages(*, volumes: int = 0, instances: int = 0) -> Iterator[RunningPages]:
    """Run the server with an account that holds as much, all of it in us-east-1.

    Raises:
        RuntimeError: It did not start.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, volumes, instances), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(_START_S):
            raise RuntimeError("the server of prepared pages does not start")
        yield RunningPages(f"http://127.0.0.1:{ours.recv()}")
    finally:
        ours.close()
        process.kill()  # it holds nothing that would have to be saved
        process.join()


def _serve(parent: Pipe, volumes: int, instances: int) -> None:
    answers = _Answers(volumes, instances)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(answers))
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    parent.send(server.server_port)
    server.serve_forever()


def _end_with(parent: Pipe) -> None:
    with contextlib.suppress(EOFError):
        parent.recv()
    os._exit(0)


class _Answers:
    """The prepared pages, and what was asked."""

    def __init__(self, volumes: int, instances: int) -> None:
        self._pages = {
            "DescribeVolumes": _pages("DescribeVolumes", "volumeSet", volumes, _volume),
            "DescribeInstances": _pages(
                "DescribeInstances", "reservationSet", instances, _reservation
            ),
        }
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()

    def answer(self, region: str, target: str, body: bytes) -> tuple[str, bytes]:
        """Return content type and body of an answer."""
        if target:
            operation = target.rpartition(".")[2]
            self._count(operation)
            return "application/x-amz-json-1.0", _metrics(json.loads(body))
        asked = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        operation = asked["Action"]
        self._count(operation)
        pages = self._pages.get(operation)
        if pages and region == "us-east-1":
            return "text/xml", pages[int(asked.get("NextToken", "0"))]
        return "text/xml", _empty(operation).encode()

    def _count(self, operation: str) -> None:
        with self._lock:
            self.calls[operation] += 1


def _handler(answers: _Answers) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            region = self.headers.get("Authorization", "///").split("/")[2]
            self._send(*answers.answer(region, self.headers.get("X-Amz-Target", ""), body))

        def do_GET(self) -> None:
            self._send("application/json", json.dumps(answers.calls).encode())

        def _send(self, content_type: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the base class gives it
            """Say nothing: there may be thousands of calls."""

    return Handler


def _pages(operation: str, key: str, count: int, item: Callable[[int], str]) -> list[bytes]:
    size = PAGE_SIZES[operation]
    pages: list[bytes] = []
    for first in range(0, max(count, 1), size):
        items = "".join(item(number) for number in range(first, min(first + size, count)))
        following = len(pages) + 1
        token = f"<nextToken>{following}</nextToken>" if first + size < count else ""
        pages.append(_answer(operation, f"<{key}>{items}</{key}>{token}").encode())
    return pages


def _answer(operation: str, content: str) -> str:
    return (
        f'<{operation}Response xmlns="{_NAMESPACE}"><requestId>prepared</requestId>'
        f"{content}</{operation}Response>"
    )


def _volume(number: int) -> str:
    is_free = number % 50 == 0
    holder = f"i-{number:017x}"
    attachment = (
        f"<item><volumeId>vol-{number:017x}</volumeId><instanceId>{holder}</instanceId>"
        f"<device>/dev/sdf</device><status>attached</status><attachTime>{_CREATED}</attachTime>"
        "<deleteOnTermination>false</deleteOnTermination></item>"
    )
    return (
        f"<item><volumeId>vol-{number:017x}</volumeId><size>{8 + number % 500}</size>"
        f"<availabilityZone>us-east-1a</availabilityZone>"
        f"<status>{'available' if is_free else 'in-use'}</status>"
        f"<createTime>{_CREATED}</createTime><volumeType>gp3</volumeType><iops>3000</iops>"
        f"<throughput>125</throughput><encrypted>true</encrypted>"
        f"<attachmentSet>{'' if is_free else attachment}</attachmentSet>"
        f"<tagSet><item><key>Name</key><value>data-{number}</value></item></tagSet></item>"
    )


def _reservation(number: int) -> str:
    return (
        f"<item><reservationId>r-{number:017x}</reservationId><ownerId>{ACCOUNT_ID}</ownerId>"
        f"<instancesSet><item><instanceId>i-{number:017x}</instanceId>"
        "<imageId>ami-0c0ffee0c0ffee0c0</imageId><instanceType>m6i.large</instanceType>"
        f"<instanceState><code>16</code><name>running</name></instanceState>"
        f"<launchTime>{_CREATED}</launchTime><architecture>x86_64</architecture>"
        "<placement><availabilityZone>us-east-1a</availabilityZone></placement>"
        "<platformDetails>Linux/UNIX</platformDetails><monitoring><state>disabled</state>"
        "</monitoring><rootDeviceName>/dev/sda1</rootDeviceName>"
        f"<tagSet><item><key>Name</key><value>node-{number}</value></item></tagSet>"
        "</item></instancesSet></item>"
    )


def _empty(operation: str) -> str:
    """Return the answer of an operation that finds nothing, and of those that start a scan."""
    if operation == "DescribeRegions":
        regions = "".join(
            f"<item><regionName>{name}</regionName><regionEndpoint>ec2.{name}.amazonaws.com"
            "</regionEndpoint><optInStatus>opt-in-not-required</optInStatus></item>"
            for name in REGIONS["aws"]
        )
        return _answer(operation, f"<regionInfo>{regions}</regionInfo>")
    if operation in {"AssumeRole", "GetCallerIdentity"}:
        return _identity(operation)
    return _answer(operation, _EMPTY_LISTS[operation])


def _identity(operation: str) -> str:
    arn = f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/CloudPruneReadOnly/scan"
    if operation == "GetCallerIdentity":
        result = f"<Arn>{arn}</Arn><Account>{ACCOUNT_ID}</Account><UserId>prepared</UserId>"
    else:
        result = (
            "<Credentials><AccessKeyId>ASIAPREPARED</AccessKeyId>"
            "<SecretAccessKey>prepared</SecretAccessKey><SessionToken>prepared</SessionToken>"
            "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
            f"<AssumedRoleUser><Arn>{arn}</Arn><AssumedRoleId>prepared:scan</AssumedRoleId>"
            "</AssumedRoleUser>"
        )
    return _answer(operation, f"<{operation}Result>{result}</{operation}Result>")


def _metrics(request: dict[str, Any]) -> bytes:
    """Return one value for each period of each query, 100,800 at most behind no token."""
    results = []
    for query in request["MetricDataQueries"]:
        period = query["MetricStat"]["Period"]
        start, end = int(request["StartTime"]), int(request["EndTime"])
        stamps = list(range(start, end, period))
        level = round(40 + 40 * noise(query["Id"]), 2)
        results.append(
            {
                "Id": query["Id"],
                "Label": query["Id"],
                "Timestamps": stamps,
                "Values": [level] * len(stamps),
                "StatusCode": "Complete",
            }
        )
    return json.dumps({"MetricDataResults": results}).encode()
