"""One generation of one partner's serving file, and the cache that every loader shares."""

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pandas as pd
import pyarrow as pa
import streamlit as st

from apps.dashboard.directory import open_directory
from pipeline.settings import Settings
from serving.errors import QueryError, UnknownNameError
from serving.generations import partner_folder, read_current, read_served
from serving.session import Session, open_session

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Source:
    """Names what is asked, and thereby every cache entry of it.

    Attributes:
        home: Root of this installation's state.
        partner_id: Whose marts.
        generation: Which publication of them.
        published_at: When that was.
        tenants: The tenants that may be seen, sorted; None for all of the partner.
    """

    home: Path
    partner_id: str
    generation: int
    published_at: datetime
    tenants: tuple[str, ...] | None = None


def known_partners(settings: Settings) -> list[str]:
    """Return the partners of this installation, published or not, by name."""
    return [partner.partner_id for partner in open_directory(settings.control).partners()]


def current_source(
    settings: Settings, partner_id: str, tenants: Collection[str] | None = None
) -> Source | None:
    """Return the partner's newest published marts; nothing if there are none, or none any more.

    Args:
        settings: Where the state lies.
        partner_id: Whose marts.
        tenants: The tenants that may be seen; None for all of the partner.

    Raises:
        RestrictedError: The partner may not be processed; a restricted tenant is left out.
    """
    seen = open_directory(settings.control).readable_tenants(partner_id, tenants)
    current = read_current(partner_folder(settings.serving, partner_id))
    if current is None:
        return None
    home = settings.home.resolve()
    source = Source(home, partner_id, current.generation, current.published_at, seen)
    if read_served(partner_folder(settings.serving, partner_id)) is None:
        _forget(source)
        return None
    return source


def cached(load: Callable[P, R]) -> Callable[P, R]:
    """Cache a loader per partner, generation and tenants seen: all users share the cache.

    Raises:
        TypeError: The loader does not take a `Source` first.
    """
    first = next(iter(inspect.signature(load).parameters.values()), None)
    if first is None or first.annotation is not Source:
        raise TypeError(f"{load.__name__} must take a Source first, to be cached per partner")
    return st.cache_data(ttl="12h", max_entries=400, show_spinner=False)(load)


def forget_answers() -> None:
    """Empty the cache of all loaders, so that each asks its marts again; sessions stay open."""
    st.cache_data.clear()


def query_frame(source: Source, sql: str, params: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Return the answer to one statement as a frame; decimals stay decimals.

    Raises:
        QueryError: The statement failed; the message is for a person.
        NotPublishedError: The generation is no longer kept.
    """
    frame: pd.DataFrame = query(source, sql, params).to_pandas()
    return frame


def query(source: Source, sql: str, params: Mapping[str, Any] | None = None) -> pa.Table:
    """Return the answer to one statement over the source's marts.

    Raises:
        QueryError: The statement failed; the message is for a person.
        NotPublishedError: The generation is no longer kept.
    """
    try:
        return _session(source).query(sql, dict(params) if params else None)
    except UnknownNameError as error:
        raise QueryError(
            "what is published was made by another version of CloudPrune and lacks what this page "
            f"reads ({error}): run `cloudprune build --partner {source.partner_id}`, then "
            f"`cloudprune publish --partner {source.partner_id}`"
        ) from error


def has_marts(source: Source, names: Iterable[str]) -> bool:
    """Return whether the generation holds these marts; an older publication may lack them."""
    return set(names) <= set(_session(source).tables)


@st.cache_resource(max_entries=1000, show_spinner=False)
def _forget(source: Source) -> None:
    """Once the file of a generation was erased, drop what was read from it."""
    _session.clear(source)
    forget_answers()


def _is_kept(session: Session) -> bool:
    if not session.is_kept:
        session.close()
    return session.is_kept


@st.cache_resource(
    max_entries=20,
    show_spinner=False,
    validate=_is_kept,
    on_release=lambda held: held.close(),
)
def _session(source: Source) -> Session:
    settings = Settings(home=source.home)
    return open_session(
        settings.serving,
        settings.keys,
        source.partner_id,
        generation=source.generation,
        tenants=source.tenants,
    )
