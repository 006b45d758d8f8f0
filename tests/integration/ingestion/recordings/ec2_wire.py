"""EC2 as it answers on the wire: recorded values become XML again, which botocore has to parse."""

import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse


class _Raw(io.BytesIO):
    """A body as urllib3 gives it."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()


class ReplayedEc2:
    """A client of EC2 whose requests are answered here instead of being sent.

    Attributes:
        client: The client.
        answers: The answer of each operation.
    """

    def __init__(self) -> None:
        session = boto3.Session("key", "secret", region_name="us-east-1")
        self.client = session.client("ec2", endpoint_url="https://ec2.us-east-1.amazonaws.com")
        self.client.meta.events.register("before-send.ec2", self._answer)
        self.answers: dict[str, Mapping[str, Any]] = {}

    def _answer(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        (operation,) = parse_qs(str(request.body))["Action"]
        shape = self.client.meta.service_model.operation_model(operation).output_shape
        root = ET.Element(f"{operation}Response")
        _write_structure(root, shape, self.answers[operation])
        body = _Raw(ET.tostring(root, encoding="utf-8"))
        return AWSResponse(request.url, 200, {"Content-Type": "text/xml;charset=UTF-8"}, body)


def _write_structure(parent: ET.Element, shape: Any, values: Mapping[str, Any]) -> None:
    for name, member in shape.members.items():
        if values.get(name) is not None:
            tag = member.serialization.get("name", name)
            _write(ET.SubElement(parent, tag), member, values[name])


def _write(element: ET.Element, shape: Any, value: Any) -> None:
    if shape.type_name == "structure":
        _write_structure(element, shape, value)
    elif shape.type_name == "list":
        tag = shape.member.serialization.get("name", "item")
        for one in value:
            _write(ET.SubElement(element, tag), shape.member, one)
    else:
        element.text = _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
