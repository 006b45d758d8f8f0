"""The privacy notice as data: one file that pages and commands read.

Nothing here reaches the lake or the clouds.
"""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

NOTICE_FILE = Path(__file__).parents[2] / "docs" / "privacy.toml"


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SubProcessor(_Fact):
    """Somebody who processes data for us."""

    name: str
    purpose: str
    data: str
    place: str


class RetentionRule(_Fact):
    """How long something is kept."""

    what: str
    kept: str
    then: str


class Cookie(_Fact):
    """Something that lies in a browser."""

    name: str
    purpose: str
    kept: str
    is_essential: bool


class Purpose(_Fact):
    """Something that is only done with consent."""

    purpose: str
    title: str
    text: str


class Section(_Fact):
    """A part of the privacy notice."""

    title: str
    text: str


class Notice(_Fact):
    """Everything that is said about privacy.

    Attributes:
        version: Day of its last change; stands beside each consent.
        sections: The notice.
        sub_processors: Who else processes data.
        retention: What is kept how long.
        cookies: What lies in the browser.
        purposes: What consent is asked for.
    """

    version: str
    sections: tuple[Section, ...]
    sub_processors: tuple[SubProcessor, ...]
    retention: tuple[RetentionRule, ...]
    cookies: tuple[Cookie, ...]
    purposes: tuple[Purpose, ...]


@cache
def privacy_notice() -> Notice:
    """Return the notice."""
    return Notice.model_validate(tomllib.loads(NOTICE_FILE.read_text(encoding="utf-8")))
