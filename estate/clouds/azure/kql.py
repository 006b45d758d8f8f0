"""The part of the Kusto query language that is understood, and how it is evaluated.

    resources | where type =~ '<type>' | project id, <name> = <expression>, ... | order by id asc

with `resourcecontainers` as the other table. Expressions are columns, property paths, literals,
sums and the functions of `estate.clouds.azure.kql_functions`. Everything else is refused: a query
is answered as Azure would, or not at all.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from estate.clouds.azure.kql_functions import FUNCTIONS, Kind, Value

Document = Mapping[str, Any]
_TEXT_COLUMNS = (
    "id", "name", "type", "tenantId", "kind", "location", "resourceGroup", "subscriptionId",
    "managedBy",
)  # fmt: skip
_DYNAMIC_COLUMNS = (
    "sku", "plan", "properties", "tags", "identity", "zones", "extendedLocation",
)  # fmt: skip
_COLUMNS = {
    **dict.fromkeys(_TEXT_COLUMNS, Kind.STRING),
    **dict.fromkeys(_DYNAMIC_COLUMNS, Kind.DYNAMIC),
}
_TABLES = ("resources", "resourcecontainers")
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)+')|(?P<number>\d+)|(?P<name>[A-Za-z_]\w*)|(?P<sign>=~|[|=,.()\[\]+]))"
)


class QueryError(Exception):
    """A query that is not understood; holds where it stops making sense."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


@dataclass(frozen=True, slots=True)
class Expression:
    """What a column of the answer is computed by."""

    kind: Kind
    evaluate: Callable[[Document], Value]


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood.

    Attributes:
        arm_type: Type of the rows, in lower case.
        columns: Name and expression of each column of the answer.
        is_descending: Whether rows come in descending order of their id.
    """

    table: str
    arm_type: str
    columns: tuple[tuple[str, Expression], ...]
    is_descending: bool

    @property
    def has_id(self) -> bool:
        """Whether the id is part of the answer, without which Azure gives no further pages."""
        return any(name == "id" for name, _ in self.columns)

    def row(self, document: Document) -> dict[str, Value]:
        """Return the answer's row of a resource."""
        return {name: expression.evaluate(document) for name, expression in self.columns}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def parse(text: str) -> Query:
    """Return a query.

    Raises:
        QueryError: It is not in the language above.
    """
    return _Parser(tuple(_tokens(text))).query()


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while text[position:].strip():
        found = _TOKEN.match(text, position)
        if found is None:
            raise QueryError(f"unexpected {text[position:].split()[0]!r}", position)
        kind = str(found.lastgroup)
        yield _Token(kind, found.group(kind), found.start(kind))
        position = found.end()
    yield _Token("end", "<EOF>", len(text))


class _Parser:
    """Reads tokens from left to right, one method per rule of the grammar."""

    def __init__(self, tokens: tuple[_Token, ...]) -> None:
        self._tokens = tokens
        self._at = 0

    def query(self) -> Query:
        table = self._one_of(_TABLES)
        self._words("|", "where", "type", "=~")
        arm_type = _unquoted(self._take("text").text).lower()
        self._words("|", "project")
        columns = [self._column()]
        while self._accept(","):
            at = self._tokens[self._at].position
            columns.append(self._column())
            if columns[-1][0] in {name for name, _ in columns[:-1]}:
                raise QueryError("two columns have one name", at)
        is_descending = self._order({name for name, _ in columns})
        self._take("end")
        return Query(table, arm_type, tuple(columns), is_descending)

    def _order(self, names: set[str]) -> bool:
        if not self._accept("|"):
            return False
        self._words("order", "by")
        if "id" not in names:
            raise self._unexpected("a projected column")
        self._words("id")
        if self._accept("asc"):
            return False
        self._accept("desc")
        return True

    def _column(self) -> tuple[str, Expression]:
        name = self._take("name")
        if name.text != "id" and self._accept("="):
            return name.text, self._expression()
        return name.text, self._named(name)

    def _expression(self) -> Expression:
        left = self._path()
        while self._accept("+"):
            at = self._tokens[self._at].position
            right = self._path()
            if (left.kind, right.kind) != (Kind.LONG, Kind.LONG):
                raise QueryError("only numbers can be added; convert them with tolong()", at)
            left = _sum(left, right)
        return left

    def _path(self) -> Expression:
        found = self._primary()
        while True:
            at = self._tokens[self._at]
            if self._accept("."):
                step: str | int = self._take("name").text
            elif self._accept("["):
                step = int(self._take("number").text)
                self._words("]")
            else:
                return found
            if found.kind is not Kind.DYNAMIC:
                raise QueryError(f"a {found.kind} has no properties or elements", at.position)
            found = _step(found, step)

    def _primary(self) -> Expression:
        token = self._tokens[self._at]
        if token.kind == "text":
            self._at += 1
            return _constant(Kind.STRING, _unquoted(token.text))
        if token.kind == "number":
            self._at += 1
            return _constant(Kind.LONG, int(token.text))
        self._take("name")
        return self._call(token) if self._accept("(") else self._named(token)

    def _call(self, name: _Token) -> Expression:
        arguments = [self._expression()]
        while self._accept(","):
            arguments.append(self._expression())
        self._words(")")
        if name.text not in FUNCTIONS:
            raise QueryError(f"unknown function: {name.text}", name.position)
        function = FUNCTIONS[name.text]
        kinds = tuple(argument.kind for argument in arguments)
        answer = function.answers(kinds)
        if answer is None:
            raise QueryError(f"{name.text}() takes no {', '.join(kinds)}", name.position)
        parts = tuple(argument.evaluate for argument in arguments)
        return Expression(answer, lambda row: function.apply(*(part(row) for part in parts)))

    def _named(self, token: _Token) -> Expression:
        if token.text not in _COLUMNS:
            raise QueryError(f"no column is named {token.text!r}", token.position)
        kind, name = _COLUMNS[token.text], token.text
        missing = "" if kind is Kind.STRING else None
        return Expression(kind, lambda row: row.get(name, missing))

    def _take(self, kind: str) -> _Token:
        token = self._tokens[self._at]
        if token.kind != kind:
            raise self._unexpected(kind)
        self._at += 1
        return token

    def _accept(self, text: str) -> bool:
        token = self._tokens[self._at]
        if token.text != text or token.kind == "text":
            return False
        self._at += 1
        return True

    def _words(self, *texts: str) -> None:
        for text in texts:
            if not self._accept(text):
                raise self._unexpected(repr(text))

    def _one_of(self, texts: tuple[str, ...]) -> str:
        for text in texts:
            if self._tokens[self._at].text.lower() == text:
                self._at += 1
                return text
        raise self._unexpected(" or ".join(texts))

    def _unexpected(self, expected: str) -> QueryError:
        token = self._tokens[self._at]
        return QueryError(f"{token.text!r} stands where {expected} is expected", token.position)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _constant(kind: Kind, value: Value) -> Expression:
    return Expression(kind, lambda _: value)


def _sum(left: Expression, right: Expression) -> Expression:
    def add(row: Document) -> Value:
        one, other = left.evaluate(row), right.evaluate(row)
        return None if one is None or other is None else one + other

    return Expression(Kind.LONG, add)


def _step(base: Expression, step: str | int) -> Expression:
    def into(row: Document) -> Value:
        value = base.evaluate(row)
        if isinstance(step, str):
            return value.get(step) if isinstance(value, Mapping) else None
        is_inside = isinstance(value, list) and step < len(value)
        return value[step] if is_inside else None

    return Expression(Kind.DYNAMIC, into)
