"""Asks an ASGI application without a server."""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Answer:
    """What an application answered."""

    status: int
    headers: Headers

    @property
    def cookies(self) -> list[str]:
        """The cookies that it set."""
        return self.headers.getlist("set-cookie")


def ask(app: ASGIApp, address: str, headers: dict[str, str]) -> Answer:
    """Return the answer to a GET."""
    path, _, query = address.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items() if value],
        "server": ("localhost", 80),
        "scheme": "http",
        "root_path": "",
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    async def answer() -> None:
        await app(scope, receive, send)

    asyncio.run(answer())
    return Answer(sent[0]["status"], Headers(raw=sent[0]["headers"]))
