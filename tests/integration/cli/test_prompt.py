"""The prompt of `cloudprune sql`: completion, and a talk over a real terminal."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from apps.cli.sql_prompt import MartCompleter
from control.directory import Directory
from pipeline.settings import Settings
from serving.session import open_session
from tests.e2e.dashboard.marts import publish_partner

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
PARTNER = "northwind"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(home=tmp_path_factory.mktemp("prompt"))
    with Directory(settings.control) as directory:
        directory.ensure_tenant(PARTNER, "acme")
    publish_partner(settings, PARTNER, months=2)
    return settings


@pytest.fixture(scope="module")
def completer(published: Settings) -> MartCompleter:
    with open_session(published.serving, published.keys, PARTNER) as session:
        return MartCompleter(session)


@pytest.mark.parametrize(
    ("typed", "completion"),
    [
        ("sel", "select"),
        ("select * from fct_cost_d", "fct_cost_daily"),
        ("select sum(bill", "billed_cost"),
        ("select fct_reconciliation.prov", "provider_total"),
        ("select charge_date,effe", "effective_cost"),
    ],
)
def test_the_word_at_the_cursor_is_completed(
    typed: str, completion: str, completer: MartCompleter
) -> None:
    found = completer.get_completions(Document(typed), CompleteEvent())

    assert completion in {item.text for item in found}


def test_columns_are_those_of_the_tables_that_are_named(completer: MartCompleter) -> None:
    document = Document("select status from fct_reconciliation where effective_c")

    assert list(completer.get_completions(document, CompleteEvent())) == []


def test_a_talk_over_a_terminal(published: Settings) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "apps.cli.main", "sql", "--partner", PARTNER],
        cwd=ROOT,
        env=os.environ | {"CLOUDPRUNE_HOME": str(published.home), "TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    try:
        _read_until(ours, b"northwind> ")
        os.write(ours, b"select 41 + 1 as answer;\n")
        told = _read_until(ours, b"1 row")
        os.write(ours, b"select nothing;\n")
        wrong = _read_until(ours, b'"nothing" was not found')
        os.write(ours, b"\\q\n")
        assert process.wait(20) == 0
    finally:
        process.kill()
        os.close(ours)
    assert b"42" in told
    assert b"Traceback" not in wrong


def _read_until(terminal: int, text: bytes) -> bytes:
    seen, until = b"", time.monotonic() + 40
    while text not in seen and time.monotonic() < until:
        if select.select([terminal], [], [], 1)[0]:
            seen += os.read(terminal, 4096)
    assert text in seen, seen[-2000:]
    return seen
