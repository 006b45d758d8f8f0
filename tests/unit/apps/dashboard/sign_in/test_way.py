"""What survives the way to the provider and back, and what the cookies become."""

from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from apps.dashboard.sign_in.way import INVITATION_COOKIE, WAY_COOKIE, SignInWay
from tests.unit.apps.dashboard.sign_in.asking import Answer, ask

TOKEN = "a-token_of-24-letters-123"


def framework(request: Request) -> Response:
    """Answer as the framework does."""
    if request.url.path == "/oauth2callback":
        response: Response = RedirectResponse("/")
        if request.query_params.get("code") == "good":
            response.set_cookie("_streamlit_user", "claims", max_age=2592000, httponly=True)
        return response
    return PlainTextResponse("page")


def nothing(_: str) -> None:
    """Note nothing."""


def asked(
    path: str,
    cookie: str = "",
    *,
    is_https: bool = False,
    accept: str = "text/html",
    note: Callable[[str], None] = nothing,
) -> Answer:
    app = Starlette(routes=[Route("/{rest:path}", framework)])
    way = SignInWay(app, is_https=is_https, note_refusal=note)
    return ask(way, path, {"cookie": cookie, "accept": accept})


def test_an_invitation_leaves_the_address_and_waits_in_a_cookie() -> None:
    answer = asked(f"/?invitation={TOKEN}")

    assert (answer.status, answer.headers["location"]) == (303, "/")
    (cookie,) = answer.cookies
    assert cookie.startswith(f"{INVITATION_COOKIE}={TOKEN};")
    assert {"HttpOnly", "SameSite=lax", "Max-Age=900"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    "path",
    ["/?invitation=short", "/?invitation=a%0d%0aset-cookie:x=y-aaaaaaaaaaaa", "/costs?invitation="],
)
def test_what_is_no_invitation_is_none(path: str) -> None:
    assert not [each for each in asked(path).cookies if each.startswith(INVITATION_COOKIE)]


def test_a_sign_in_ends_at_the_page_that_was_asked_for() -> None:
    (cookie,) = asked("/costs?by=region&tag=a%2Fb").cookies

    answer = asked("/oauth2callback?code=good&state=s", cookie.partition(";")[0])

    assert answer.headers["location"] == "/costs?by=region&tag=a%2Fb"
    assert any(each.startswith(f'{WAY_COOKIE}=""') for each in answer.cookies)


@pytest.mark.parametrize(
    "way",
    ["//evil.example", "https://evil.example", "/%2F%2Fevil.example", "%2F%5Cevil.example",
     "%2F%2Fevil.example%2F", "%0d%0aSet-Cookie:x=y", "%2Fcosts%0d%0aX:y", "javascript:1"],
)  # fmt: skip
def test_a_forged_way_leads_nowhere_else(way: str) -> None:
    answer = asked("/oauth2callback?code=good&state=s", f"{WAY_COOKIE}={way}")

    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("path", ["//evil.example/costs", "/auth/login", "/_stcore/health", "/"])
def test_only_our_pages_are_a_way(path: str) -> None:
    assert asked(path).cookies == []
    assert asked("/costs", accept="*/*").cookies == []


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("error=access_denied", "access_denied"),
        ("code=bad&state=s", "no valid answer"),
        ("error=Written+by+anybody", "no valid answer"),
    ],
)
def test_whom_the_provider_turned_away_is_told_and_on_record(query: str, reason: str) -> None:
    noted: list[str] = []

    answer = asked(f"/oauth2callback?{query}", note=noted.append)

    assert answer.headers["location"] == "/?turned-away"
    assert noted == [reason]


def test_the_way_back_from_a_sign_out_is_no_refusal() -> None:
    noted: list[str] = []

    assert asked("/oauth2callback", note=noted.append).headers["location"] == "/"
    assert asked("/oauth2callback?code=good", note=noted.append).cookies

    assert noted == []


def test_the_frameworks_cookie_lasts_a_working_day() -> None:
    (cookie,) = asked("/oauth2callback?code=good").cookies

    assert "Max-Age=43200" in cookie.split("; ")
    assert "Secure" not in cookie


def test_cookies_are_for_https_where_there_is_https() -> None:
    answers = [
        asked("/oauth2callback?code=good", is_https=True),
        asked("/costs", is_https=True),
        asked(f"/?invitation={TOKEN}", is_https=True),
    ]

    for answer in answers:
        assert answer.cookies
        assert all(cookie.split("; ").count("Secure") == 1 for cookie in answer.cookies)


def test_no_other_site_may_frame_a_page() -> None:
    assert asked("/").headers["content-security-policy"] == "frame-ancestors 'none'"
