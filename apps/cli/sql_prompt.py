"""The prompt of `cloudprune sql`: history, colours, and completion of tables and columns."""

from collections.abc import Iterable, Iterator

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.lexers import PygmentsLexer
from pygments.lexers.sql import SqlLexer
from rich.markup import escape

from apps.cli.acting import as_operator
from apps.cli.console import out
from apps.cli.errors import tell
from apps.cli.sql_output import show
from control.errors import ControlError
from control.roles import Action
from pipeline.settings import Settings
from serving.errors import ServingError
from serving.session import Session

_SQL = (
    "select from where group by order having limit with as join left on using distinct "
    "count sum avg min max case when then else end and or not in is null between like ilike "
    "date_trunc cast describe show tables summarize union all desc asc over partition "
)
_HELP = """\
End a query with ; and Enter. Tab completes tables and columns.
  \\d            all tables          \\d NAME       columns of one, with their meaning
  \\?            this help           \\q, Ctrl-D    leave"""


def prompt(session: Session, settings: Settings) -> None:
    """Read queries and show their rows until the person leaves."""
    history = settings.work(session.partner_id) / "sql_history"
    history.parent.mkdir(parents=True, exist_ok=True)
    reader: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)),
        auto_suggest=AutoSuggestFromHistory(),
        completer=MartCompleter(session),
        complete_while_typing=False,
        lexer=PygmentsLexer(SqlLexer),
    )
    out.print(
        f"Marts of [bold]{session.partner_id}[/], generation {session.generation} of "
        f"{session.published_at:%Y-%m-%d %H:%M} UTC, read only. \\? helps, \\q leaves."
    )
    for statement in _statements(reader, session.partner_id):
        if statement in {"\\q", "quit", "exit"}:
            return
        _answer(session, settings, statement)


def _statements(reader: "PromptSession[str]", partner_id: str) -> Iterator[str]:
    """Yield statements, each up to its semicolon; a command of the prompt is one line."""
    lines: list[str] = []
    while True:
        try:
            line = reader.prompt(f"{partner_id}> " if not lines else "   ...> ")
        except KeyboardInterrupt:
            lines = []
            continue
        except EOFError:
            return
        text = line.strip()
        if not lines and (text.startswith("\\") or text in {"quit", "exit"}):
            yield text
        elif text or lines:
            lines.append(line)
            if text.endswith(";"):
                yield "\n".join(lines)
                lines = []


def _answer(session: Session, settings: Settings, statement: str) -> None:
    command, _, name = statement.partition(" ")
    if command == "\\d":
        _describe(session, name.strip())
    elif command.startswith("\\"):
        out.print(escape(_HELP))
    else:
        try:
            with as_operator(settings, session.partner_id, Action.ASK_SQL, statement):
                show(session.query(statement))
        except (ControlError, ServingError) as error:
            tell(error)
        except KeyboardInterrupt:
            out.print("stopped")


def _describe(session: Session, name: str) -> None:
    if not name:
        width = max(map(len, session.tables), default=0)
        for table in sorted(session.tables):
            out.print(f"[bold]{table:<{width}}[/]  {escape(session.descriptions[table])}")
    elif name not in session.tables:
        out.print(f"There is no table {escape(name)}; \\d lists them.")
    else:
        columns = session.tables[name]
        width = max(len(column.name) for column in columns)
        for column in columns:
            out.print(
                f"[bold]{column.name:<{width}}[/]  [dim]{column.type}[/]  "
                f"{escape(column.description)}"
            )


class MartCompleter(Completer):
    """Completes tables, the columns of tables that the statement names, and SQL's words.

    Args:
        session: Whose tables.
    """

    def __init__(self, session: Session) -> None:
        self._columns = {
            table: [column.name for column in columns] for table, columns in session.tables.items()
        }

    def get_completions(
        self, document: Document, _complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Yield what may stand at the cursor; after a table's name and a dot, its columns."""
        before = document.get_word_before_cursor(WORD=True).rpartition("(")[2].rpartition(",")[2]
        qualifier, dot, word = before.rpartition(".")
        if dot and qualifier in self._columns:
            yield from _matching(self._columns[qualifier], word, "column")
            return
        named = [table for table in self._columns if table in document.text]
        columns = {name for table in named or self._columns for name in self._columns[table]}
        yield from _matching(sorted(self._columns), word, "table")
        yield from _matching(sorted(columns), word, "column")
        yield from _matching(_SQL.split(), word, "")


def _matching(names: Iterable[str], word: str, kind: str) -> Iterator[Completion]:
    for name in names:
        if word and name.startswith(word.lower()):
            yield Completion(name, start_position=-len(word), display_meta=kind)
