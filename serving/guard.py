"""Decides which statements a reader may run, from DuckDB's own parse of them.

One statement; a query; from marts; through functions that touch nothing but their arguments. The
locked configuration below forbids most of the rest by itself: this is the first of two fences,
and the one that says why.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb

from serving.errors import QueryRefusedError, UnknownNameError
from serving.wording import unknown_table

_LONGEST_STATEMENT = 200_000
_SPACE = r"(?:\s|--[^\n]*\n|/\*.*?\*/)"
_EXPLAIN = re.compile(rf"{_SPACE}*explain\b{_SPACE}*(analyze\b)?", re.IGNORECASE | re.DOTALL)
_CATALOGS = {"", "marts"}
_SCHEMAS = {"", "main", "marts"}
_LISTINGS = {"tables", "__show_tables_expanded"}

TABLE_FUNCTIONS = frozenset(
    {"generate_series", "generate_subscripts", "json_each", "json_tree", "range", "unnest"}
)
REFUSED_FUNCTIONS = frozenset(
    {
        "current_setting",
        "currval",
        "getenv",
        "getvariable",
        "inet_client_addr",
        "inet_client_port",
        "inet_server_addr",
        "inet_server_port",
        "json_deserialize_sql",
        "json_execute_serialized_sql",
        "json_serialize_plan",
        "json_serialize_sql",
        "nextval",
        "parse_duckdb_log_message",
        "pg_sleep",
        "setseed",
        "sleep_ms",
        "write_log",
    }
)
_Node = dict[str, Any]


class Guard:
    """Checks statements against one partner's marts.

    Args:
        connection: The session's own connection, whose parser decides.
        tables: Names of the marts.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: frozenset[str]) -> None:
        self._connection = connection
        self._tables = {name.lower() for name in tables}
        views = connection.execute("select view_name from duckdb_views() where internal")
        self._internal = {name for (name,) in views.fetchall()}

    def checked(self, sql: str) -> str:
        """Return the one statement of the text, if it may run.

        Raises:
            QueryRefusedError: It is empty, several, no query, or reaches beyond the marts.
            duckdb.ParserException: It is not SQL.
        """
        if len(sql) > _LONGEST_STATEMENT:
            raise QueryRefusedError(
                f"the statement has {len(sql):,} characters; at most {_LONGEST_STATEMENT:,} are "
                "taken"
            )
        statement = self._only_statement(sql)
        explain = ""
        query = statement.query
        if statement.type == duckdb.StatementType.EXPLAIN:
            query, explain = _without_explain(query)
        elif statement.type != duckdb.StatementType.SELECT:
            raise QueryRefusedError(_not_a_query(statement.type.name))
        self._check(self._parsed(query))
        return explain + query

    def _only_statement(self, sql: str) -> duckdb.Statement:
        statements = self._connection.extract_statements(sql)
        if not statements:
            raise QueryRefusedError("there is no statement: write a query, such as `show tables`")
        if re.match(r"[\s(]*pivot\b", sql, re.IGNORECASE) and len(statements) > 1:
            raise QueryRefusedError("a pivot must name its values: pivot … on column in ('a', 'b')")
        if len(statements) > 1:
            raise QueryRefusedError(
                f"these are {len(statements)} statements; a session runs one at a time"
            )
        return statements[0]

    def _parsed(self, query: str) -> _Node:
        (text,) = self._connection.execute(
            "select json_serialize_sql($1::varchar, skip_null := true, skip_empty := true)",
            [query],
        ).fetchone() or ("{}",)
        try:
            tree: _Node = json.loads(text)
        except RecursionError as error:
            raise QueryRefusedError("the query is nested too deeply: write it flatter") from error
        if tree.get("error"):
            raise QueryRefusedError(f"only queries may run here: {tree.get('error_message')}")
        return tree

    def _check(self, tree: _Node) -> None:
        nodes = list(_nodes(tree))
        named = self._tables | self._common_tables(nodes)
        for node in nodes:
            kind = node.get("type")
            if kind == "BASE_TABLE":
                _check_table(node, named)
            elif kind == "SHOW_REF":
                _check_listing(node, named)
            elif kind == "TABLE_FUNCTION":
                _check_table_function(node)
            if "function_name" in node:
                _check_function(str(node["function_name"]).lower())

    def _common_tables(self, nodes: list[_Node]) -> set[str]:
        """Return the names that `with` gives; DuckDB's own views keep theirs to themselves."""
        names = {
            str(entry["key"]).lower()
            for node in nodes
            for entry in node.get("cte_map", {}).get("map", ())
        }
        if taken := sorted(names & self._internal):
            raise QueryRefusedError(f"{taken[0]} is DuckDB's own name: name the subquery otherwise")
        return names


def _nodes(tree: _Node) -> Iterator[_Node]:
    """Yield every object of the tree; a loop, for a deep tree would exhaust the stack."""
    waiting: list[Any] = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _without_explain(query: str) -> tuple[str, str]:
    match = _EXPLAIN.match(query)
    if not match:
        raise QueryRefusedError("explain takes a query and nothing else: explain select …")
    return query[match.end() :], "explain analyze " if match[1] else "explain "


def _check_table(node: _Node, named: set[str]) -> None:
    catalog = str(node.get("catalog_name", "")).lower()
    schema = str(node.get("schema_name", "")).lower()
    name = str(node.get("table_name", "")).lower()
    if schema == "information_schema" and catalog in _CATALOGS:
        return
    if catalog in _CATALOGS and schema in _SCHEMAS and name in named:
        return
    raise UnknownNameError(unknown_table(".".join(filter(None, (catalog, schema, name))), named))


def _check_listing(node: _Node, named: set[str]) -> None:
    """Check `show …` and `describe …`; those of a query hold it as a node of its own."""
    name = str(node.get("table_name", "")).strip('"').lower()
    if name and name not in _LISTINGS and name not in named:
        raise UnknownNameError(unknown_table(name, named))


def _check_table_function(node: _Node) -> None:
    name = str(node.get("function", {}).get("function_name", "")).lower()
    if name not in TABLE_FUNCTIONS:
        raise QueryRefusedError(
            f"{name}() may not be read from: a session reads the marts, and makes rows with "
            f"{', '.join(sorted(TABLE_FUNCTIONS))}"
        )


def _check_function(name: str) -> None:
    if name in REFUSED_FUNCTIONS:
        raise QueryRefusedError(f"{name}() may not be called in a session")


def _not_a_query(statement_type: str) -> str:
    word = statement_type.lower().replace("_", " ")
    return f"{word} may not run here: a session only reads; write select, with, from or describe"
