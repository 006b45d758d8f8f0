"""Which partner a transaction is for, told to the database where it can refuse all others.

On PostgreSQL row-level security stands behind the conditions of each query: a transaction sees and
writes the rows of one partner, of every one where the platform itself asks, and else of none.
"""

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, event, text

SETTING = "cloudprune.partner_id"
EVERYONE = "*"
_SCOPE = ContextVar("partner_of_the_transaction", default="")
_Class = TypeVar("_Class", bound=type)
_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


@contextmanager
def scope(partner_id: str) -> Iterator[None]:
    """Let transactions of the block be for one partner; `*` is every one."""
    token = _SCOPE.set(partner_id)
    try:
        yield
    finally:
        _SCOPE.reset(token)


def across_partners(method: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
    """Let a method see every partner: the platform asks, or who is asked for is to be found."""

    @functools.wraps(method)
    def everyone(*arguments: _Given.args, **named: _Given.kwargs) -> _Answer:
        with scope(EVERYONE):
            return method(*arguments, **named)

    return everyone


def scoped_by_partner(directory: _Class) -> _Class:
    """Let each public method whose first parameter is `partner_id` see that partner alone."""
    for name, method in inspect.getmembers(directory, inspect.isfunction):
        parameters = list(inspect.signature(method).parameters)
        if not name.startswith("_") and parameters[1:2] == ["partner_id"]:
            setattr(directory, name, _for_partner(method))
    return directory


def tell_the_database(engine: Engine) -> None:
    """Let each transaction of a PostgreSQL engine begin with its scope."""
    event.listen(engine, "begin", _set_scope)


def _set_scope(connection: Connection) -> None:
    connection.execute(
        text("select set_config(:setting, :scope, true)"),
        {"setting": SETTING, "scope": _SCOPE.get()},
    )


def _for_partner(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def one(self: Any, partner_id: str, *arguments: Any, **named: Any) -> Any:
        with scope(partner_id):
            return method(self, partner_id, *arguments, **named)

    return one
