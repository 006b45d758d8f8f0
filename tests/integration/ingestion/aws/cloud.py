"""An AWS over HTTP for tests: moto, with calls that fail on demand and a count of all calls."""

import json
import os
import re
import threading
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"  # read when moto is imported
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "false"

from moto.iam.models import get_account_id_from
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from estate.clouds.aws.gaps import is_trusted

_SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request")
_SCOPE_KEY = re.compile(r"Credential=([^/]+)/")
_EC2_ERROR = (
    "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
    "<RequestID>1</RequestID></Response>"
)
_QUERY_ERROR = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>"
    "</Error><RequestId>1</RequestId></ErrorResponse>"
)


@dataclass
class Fault:
    """Calls of an operation that fail, or answer something prepared."""

    operation: str
    code: str
    status: int = 400
    message: str = "no"
    region: str = ""
    contains: str = ""
    times: int = 10**9


@dataclass
class Cloud:
    """What tests steer; an application itself."""

    faults: list[Fault] = field(default_factory=list)
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    prepared: dict[str, Callable[[str], str | Response]] = field(default_factory=dict)
    bodies: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""
    enforces_trust: bool = False

    def fail(self, operation: str, code: str, **how: Any) -> None:
        """Let calls of an operation fail."""
        self.faults.append(Fault(operation, code, **how))

    def count(self, operation: str) -> int:
        """Return how often an operation was called, in all regions."""
        return sum(count for (name, _), count in self.calls.items() if name == operation)

    def __post_init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.Lock()

    def __call__(self, environment: dict[str, Any], start: Any) -> Iterable[bytes]:
        length = int(environment.get("CONTENT_LENGTH") or 0)
        body = environment["wsgi.input"].read(length)
        environment["wsgi.input"] = BytesIO(body)
        text = body.decode("utf-8", "replace")
        operation = _operation(environment, text)
        found = _SCOPE.search(environment.get("HTTP_AUTHORIZATION", ""))
        region, service = found.groups() if found else ("", "")
        with self._lock:
            self.calls[operation, region] += 1
            self.bodies.append((operation, text))
            fault = self._fault(operation, region, text)
        if fault:
            return _error(fault, service, environment)(environment, start)
        if operation in self.prepared:
            told = self.prepared[operation](text)
            answer = Response(told, content_type="text/xml") if isinstance(told, str) else told
            return answer(environment, start)
        if operation == "AssumeRole" and self.enforces_trust and not _lets_in(text, environment):
            refusal = Fault("AssumeRole", "AccessDenied", status=403)
            return _error(refusal, service, environment)(environment, start)
        answered: Iterable[bytes] = self._moto(environment, start)
        return answered

    def _fault(self, operation: str, region: str, text: str) -> Fault | None:
        for fault in self.faults:
            is_met = fault.operation in (operation, "*") and fault.region in ("", region)
            if is_met and fault.times > 0 and fault.contains in text:
                fault.times -= 1
                return fault
        return None


def _lets_in(text: str, environment: dict[str, Any]) -> bool:
    """Whether a role's trust policy lets the caller assume it, which moto does not look at."""
    asked = urllib.parse.parse_qs(text)
    key = _SCOPE_KEY.search(environment.get("HTTP_AUTHORIZATION", ""))
    caller = get_account_id_from(key[1] if key else "")
    return is_trusted(caller, asked["RoleArn"][0], asked.get("ExternalId", [None])[0])


def regions_answer(enabled: Iterable[str], disabled: Iterable[str] = ()) -> str:
    """Return what DescribeRegions answers in an account that uses few regions."""
    states = [(name, "opt-in-not-required") for name in enabled]
    states += [(name, "not-opted-in") for name in disabled]
    items = "".join(
        f"<item><regionName>{name}</regionName><optInStatus>{state}</optInStatus></item>"
        for name, state in states
    )
    return (
        '<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
        f"<requestId>1</requestId><regionInfo>{items}</regionInfo></DescribeRegionsResponse>"
    )


@contextmanager
def running() -> Iterator[Cloud]:
    """Run a cloud on a free port of the loopback interface."""
    cloud = Cloud()
    server = make_server("127.0.0.1", 0, cloud, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    cloud.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield cloud
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _operation(environment: dict[str, Any], text: str) -> str:
    target = environment.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return str(target.rpartition(".")[2])
    path = environment.get("PATH_INFO", "")
    if "/operation/" in path:
        return str(path.rpartition("/")[2])
    return urllib.parse.parse_qs(text).get("Action", [""])[0]


def _error(fault: Fault, service: str, environment: dict[str, Any]) -> Response:
    facts = {"code": fault.code, "message": fault.message}
    if environment.get("CONTENT_TYPE", "").startswith("application/x-amz-json"):
        body = json.dumps({"__type": fault.code, "message": fault.message})
        return Response(body, fault.status, content_type="application/x-amz-json-1.0")
    form = _EC2_ERROR if service == "ec2" else _QUERY_ERROR
    return Response(form.format(**facts), fault.status, content_type="text/xml")
