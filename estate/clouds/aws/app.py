"""The simulated AWS as a WSGI application: moto behind credentials, faults and a record of calls.

`/_simulation/faults` (POST a list of faults), `/_simulation/calls`, `/_simulation/expire` (POST:
session tokens given out so far are expired) and `/_simulation/reset` belong to the simulation.
"""

import io
import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from moto.iam.models import get_account_id_from, iam_backends
from werkzeug.wrappers import Response

from estate.clouds.aws.faults import Call, Fault, Faults
from estate.clouds.aws.metrics import MetricIndex, RequestError

PATH = "/_simulation"
_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
_SERVICES = {"monitoring": "cloudwatch"}
_EXPIRED = Fault(
    code="RequestExpired", message="Request has expired: the security token is expired."
)
_UNKNOWN = Fault(
    code="AuthFailure",
    message="AWS was not able to validate the provided access credentials",
    status=401,
)

_NOT_ALLOWED = Fault(
    code="AccessDenied",
    message="The role is not authorized to perform: iam:SimulatePrincipalPolicy",
    status=403,
)

_OTHER_PROTOCOL = Fault(
    code="InvalidAction",
    message="metrics are answered in CloudWatch's JSON protocol only",
    status=400,
)

Environment = dict[str, Any]
Application = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]


class SimulatedAws:
    """Answers as AWS does, for the accounts that moto was filled with."""

    def __init__(self, moto: Application, metrics: MetricIndex) -> None:
        self._moto = moto
        self._metrics = metrics
        self._faults = Faults()
        self._expired: set[str] = set()
        self._switches: dict[str, Callable[[bytes], object]] = {
            "faults": lambda body: self._faults.switch(json.loads(body)),
            "calls": lambda _: self._faults.counts(),
            "expire": lambda _: self._expire(),
            "reset": lambda _: self._reset(),
        }

    def __call__(self, environment: Environment, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        body = environment["wsgi.input"].read(int(environment.get("CONTENT_LENGTH") or 0))
        environment["wsgi.input"] = io.BytesIO(body)
        path = environment.get("PATH_INFO", "")
        if path.startswith(PATH):
            return self._switch(path.removeprefix(f"{PATH}/"), body)(environment, start)
        answer = self._refused(environment, body)
        if answer is None:
            return self._moto(environment, start)
        return answer(environment, start)

    def _refused(self, environment: Environment, body: bytes) -> Response | None:
        """Return what is answered before moto: a fault, metrics, or nothing."""
        signed = _CREDENTIAL.search(environment.get("HTTP_AUTHORIZATION", ""))
        if signed is None:
            return None
        key, region, service = signed.groups()
        service = _SERVICES.get(service, service)
        target = environment.get("HTTP_X_AMZ_TARGET", "")
        text = body.decode("utf-8", "replace")
        operation = _operation(target, text)
        account_id = get_account_id_from(key)
        call = Call(
            account_id,
            region,
            f"{service}:{operation}",
            text,
            "NextToken" in text or "Marker" in text,
        )
        met = self._faults.meet(call)
        is_json = bool(target)
        if fault := self._credentials_fault(key) or met:
            return _failure(fault, service, is_json=is_json)
        if operation == "SimulatePrincipalPolicy":  # moto lacks it
            return _failure(_NOT_ALLOWED, service, is_json=False)
        if operation == "GetMetricData":
            return self._metric_data(account_id, region, text, is_json=is_json)
        return None

    def _credentials_fault(self, key: str) -> Fault | None:
        if key in self._expired:
            return _EXPIRED
        is_known = any(key in account["aws"].access_keys for account in iam_backends.values())
        return None if is_known else _UNKNOWN

    def _metric_data(self, account_id: str, region: str, text: str, *, is_json: bool) -> Response:
        if not is_json:
            return _failure(_OTHER_PROTOCOL, "cloudwatch", is_json=False)
        request = json.loads(text)
        for name in ("StartTime", "EndTime"):
            request[name] = datetime.fromtimestamp(request[name], UTC)
        try:
            found = self._metrics.answer(account_id, region, request)
        except RequestError as error:
            fault = Fault(code="ValidationError", message=str(error), status=400)
            return _failure(fault, "cloudwatch", is_json=True)
        for result in found["MetricDataResults"]:
            result["Timestamps"] = [at.timestamp() for at in result["Timestamps"]]
        return Response(json.dumps(found), content_type="application/x-amz-json-1.0")

    def _switch(self, name: str, body: bytes) -> Response:
        try:
            answer = self._switches[name](body)
        except (KeyError, ValueError, TypeError) as error:
            return Response(json.dumps({"error": f"{name}: {error}"}), 400)
        return Response(json.dumps(answer or {}), content_type="application/json")

    def _reset(self) -> None:
        self._faults.reset()
        self._expired.clear()

    def _expire(self) -> None:
        for account in list(iam_backends.values()):
            keys = account["aws"].access_keys.items()
            self._expired.update(name for name, key in keys if key.role_arn)


def _operation(target: str, text: str) -> str:
    if target:
        return target.rpartition(".")[2]
    return next(iter(parse_qs(text).get("Action", ())), "")


def _failure(fault: Fault, service: str, *, is_json: bool) -> Response:
    """Return an error in the shape of the service's protocol."""
    if is_json:
        found = {"__type": fault.code, "message": fault.message}
        return Response(json.dumps(found), fault.status, content_type="application/x-amz-json-1.0")
    code, message = fault.code, fault.message
    if service == "ec2":
        text = (
            f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error>"
            "</Errors><RequestID>00000000-0000-4000-8000-000000000000</RequestID></Response>"
        )
    else:
        text = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
            f"<Message>{message}</Message></Error></ErrorResponse>"
        )
    return Response(text, fault.status, content_type="text/xml")
