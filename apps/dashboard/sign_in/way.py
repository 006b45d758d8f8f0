"""What has to survive the way to the identity provider and back, which keeps no address.

A link's invitation, and the page that was asked for, wait in cookies of a quarter of an hour that
no script can read. Neither is trusted: an invitation is a secret that holds for one address, and a
page is a path of ours.
"""

import re
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from apps.dashboard.sign_in.settings import CALLBACK

INVITATION_PARAM = "invitation"
INVITATION_COOKIE = "cloudprune_invitation"
WAY_COOKIE = "cloudprune_way"
TURNED_AWAY = "turned-away"
USER_COOKIE = "_streamlit_user"
WAITS_S = 15 * 60
_LONGEST_WAY = 1500
KEPT_S = 12 * 60 * 60
_LEAVING = "/auth/logout"
_PAGE = re.compile(r"/[a-z-]*")
_ERROR = re.compile(r"[a-z_]{1,40}")
_INVITATION = re.compile(r"[A-Za-z0-9_-]{16,100}")
_HEADERS = {
    "content-security-policy": "frame-ancestors 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


class SignInWay:
    """Keeps the way, and makes the framework's cookies as strict as they can be.

    Args:
        app: The framework's application.
        is_https: Whether browsers reach it by HTTPS; cookies are then for HTTPS alone.
        note_refusal: Told why the provider turned somebody away, in a word, for the access log.
    """

    def __init__(
        self, app: ASGIApp, *, is_https: bool, note_refusal: Callable[[str], None]
    ) -> None:
        self._app = app
        self._is_https = is_https
        self._note_refusal = note_refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, query = str(scope["path"]), scope["query_string"].decode("latin-1")
        invitation = dict(parse_qsl(query)).get(INVITATION_PARAM, "")
        if path == "/" and _INVITATION.fullmatch(invitation):
            await self._taken(invitation)(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                self._keep_way(headers, scope, path, query)
                self._lead_back(headers, scope, path, query)
                if headers.get("location") == f"/?{TURNED_AWAY}":
                    await run_in_threadpool(self._note_refusal, _reason(query))
                self._tighten(headers)
            await send(message)

        await self._app(scope, receive, answer)

    def _taken(self, invitation: str) -> Response:
        """Take an invitation out of the address, where a history or a shared screen keeps it."""
        response = RedirectResponse("/", 303, headers=_HEADERS)
        self._set(response, INVITATION_COOKIE, invitation, WAITS_S)
        return response

    def _keep_way(self, headers: MutableHeaders, scope: Scope, path: str, query: str) -> None:
        way = f"{path}{'?' if query else ''}{query}"
        is_asked_for = way != "/" and TURNED_AWAY not in query and len(way) <= _LONGEST_WAY
        if is_asked_for and _is_page(scope, path):
            self._add(headers, WAY_COOKIE, quote(way, safe=""), WAITS_S)

    def _lead_back(self, headers: MutableHeaders, scope: Scope, path: str, query: str) -> None:
        """Let a sign-in end at the page that was asked for, or at a word about its failure."""
        if path.endswith(_LEAVING):
            self._add(headers, INVITATION_COOKIE, "", 0)
            self._add(headers, WAY_COOKIE, "", 0)
        asked = dict(parse_qsl(query, keep_blank_values=True))
        if not path.endswith(CALLBACK) or not asked.keys() & {"code", "error"}:
            return
        if not any(_signs_in(cookie) for cookie in headers.getlist("set-cookie")):
            headers["location"] = f"/?{TURNED_AWAY}"
            return
        way = _way_of(scope)
        if way:
            headers["location"] = way
            self._add(headers, WAY_COOKIE, "", 0)

    def _tighten(self, headers: MutableHeaders) -> None:
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        cookies = headers.getlist("set-cookie")
        del headers["set-cookie"]
        for cookie in cookies:
            headers.append("set-cookie", self._tightened(cookie))

    def _tightened(self, cookie: str) -> str:
        """Return a cookie that lasts a working day at most and is for HTTPS where there is it."""
        parts = [part.strip() for part in cookie.split(";")]
        parts = [f"Max-Age={KEPT_S}" if _is_long(part) else part for part in parts]
        if self._is_https and "secure" not in (part.lower() for part in parts):
            parts.append("Secure")
        return "; ".join(parts)

    def _add(self, headers: MutableHeaders, name: str, value: str, max_age: int) -> None:
        response = Response()
        self._set(response, name, value, max_age)
        headers.append("set-cookie", response.headers["set-cookie"])

    def _set(self, response: Response, name: str, value: str, max_age: int) -> None:
        response.set_cookie(
            name, value, max_age=max_age, httponly=True, samesite="lax", secure=self._is_https
        )


def _reason(query: str) -> str:
    """Return the provider's word for a refusal; any other text may be anybody's."""
    given = dict(parse_qsl(query)).get("error", "")
    return given if _ERROR.fullmatch(given) else "no valid answer"


def _is_page(scope: Scope, path: str) -> bool:
    """Return whether a browser asks for a page, not for one of its parts."""
    wants = Headers(scope=scope).get("accept", "")
    is_part = path.startswith(("/auth", CALLBACK))
    return bool(
        scope["method"] == "GET" and "text/html" in wants and _PAGE.fullmatch(path) and not is_part
    )


def _is_long(part: str) -> bool:
    name, _, value = part.partition("=")
    return name.lower() == "max-age" and value.isdigit() and int(value) > KEPT_S


def _signs_in(cookie: str) -> bool:
    value = cookie.partition(";")[0].removeprefix(f"{USER_COOKIE}=")
    return cookie.startswith(f"{USER_COOKIE}=") and value not in ("", '""')


def _way_of(scope: Scope) -> str:
    """Return the page to go back to, if the cookie holds one of ours."""
    try:
        held = SimpleCookie(Headers(scope=scope).get("cookie", "")).get(WAY_COOKIE)
    except CookieError:
        return ""
    way = unquote(held.value) if held else ""
    return way if way.isprintable() and _PAGE.fullmatch(way.partition("?")[0]) else ""
