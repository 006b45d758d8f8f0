"""The command as scripts use it: its fixed forms, what it prints, its exit status."""

import csv
import io
import json
import shutil
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.conftest import PARTNER, TENANT
from tests.integration.cli.running import run
from tests.integration.ingestion import made

pytestmark = pytest.mark.integration

QUERY = (
    "select service_name, sum(billed_cost) as billed, min(charge_date) as day "
    "from fct_cost_daily group by 1"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """State in which one partner's costs are published."""
    folder = tmp_path_factory.mktemp("cli")
    made.write(folder / "exports/may.csv", made.FOCUS, {}, {})
    for arguments in (
        ("ingest", str(folder / "exports"), "--partner", PARTNER, "--tenant", TENANT),
        ("build", "--partner", PARTNER),
        ("publish", "--partner", PARTNER),
    ):
        done = run(folder / "home", *arguments)
        assert done.returncode == 0, done.stderr
    return folder / "home"


def test_permissions_are_a_policy_on_standard_output(tmp_path: Path) -> None:
    aws = run(tmp_path, "permissions", "aws")
    azure = run(tmp_path, "permissions", "azure", "--subscription", "some-id")

    assert json.loads(aws.stdout)["Statement"][1]["Effect"] == "Deny"
    assert json.loads(azure.stdout)["AssignableScopes"] == ["/subscriptions/some-id"]
    assert "Reader" in azure.stderr


def test_permissions_say_what_each_is_for(tmp_path: Path) -> None:
    done = run(tmp_path, "permissions", "azure", "--format", "table")

    (line,) = (line for line in done.stdout.splitlines() if "Compute/disks/read" in line)
    assert line.split()[1] == "azure_managed_disks"


def test_sql_prints_a_table(home: Path) -> None:
    done = run(home, "sql", "--partner", PARTNER, QUERY)

    assert done.returncode == 0
    assert "service_name" in done.stdout
    assert "5" in done.stdout
    assert "1 row" in done.stdout


def test_sql_writes_csv_with_every_digit(home: Path) -> None:
    done = run(home, "sql", "--partner", PARTNER, "--format", "csv", QUERY)

    assert list(csv.DictReader(io.StringIO(done.stdout))) == [
        {"service_name": "Amazon Elastic Compute Cloud", "billed": "5", "day": "2026-05-02"}
    ]


def test_sql_writes_json(home: Path) -> None:
    done = run(home, "sql", "--partner", PARTNER, "--format", "json", QUERY)

    assert json.loads(done.stdout) == [
        {"service_name": "Amazon Elastic Compute Cloud", "billed": "5", "day": "2026-05-02"}
    ]


def test_sql_writes_parquet(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "rows.parquet"

    done = run(
        home, "sql", "--partner", PARTNER, "--format", "parquet", "--output", str(target), QUERY
    )
    again = run(
        home, "sql", "--partner", PARTNER, "--format", "parquet", "--output", str(target), QUERY
    )

    assert done.returncode == 0
    assert pq.read_table(target)["billed"].to_pylist() == [Decimal(5)]
    assert again.returncode == 1
    assert "exists already" in again.stderr


def test_sql_reads_a_query_from_standard_input(home: Path) -> None:
    done = run(home, "sql", "--partner", PARTNER, "--format", "csv", given="select 41 + 1 as n")

    assert done.stdout.splitlines() == ['"n"', "42"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("sql", "--partner", PARTNER, "select nothing from fct_cost_daily"), "no column nothing"),
        (("sql", "--partner", PARTNER, "select * from fct_cost_dialy"), "fct_cost_daily"),
        (("sql", "--partner", "northwnd", "select 1"), "did you mean northwind?"),
        (("sql", "--partner", "../x", "select 1"), "cannot be used"),
        (("sql", "--partner", PARTNER, "  "), "query is empty"),
        (("build", "--partner", "nobody"), "there is no partner nobody"),
        (("ingest", "/nowhere", "--partner", "p", "--tenant", "t"), "neither a file nor a folder"),
        (("ingest", ".", "--partner", "p", "--tenant", "../t"), "cannot be used"),
    ],
)
def test_what_is_wrong_is_a_sentence(arguments: tuple[str, ...], told: str, home: Path) -> None:
    done = run(home, *arguments)

    assert done.returncode == 1
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_wrong_option_is_exit_status_2(home: Path) -> None:
    assert run(home, "build", "--partnr", PARTNER).returncode == 2


def test_a_period_that_is_no_month_is_exit_status_2(home: Path) -> None:
    done = run(home, "ingest", ".", "--partner", "p", "--tenant", "t", "--period", "2026-1x")

    assert done.returncode == 2
    assert "no month" in done.stderr


def test_columns_of_one_name_are_not_lost_in_json(home: Path) -> None:
    done = run(home, "sql", "--partner", PARTNER, "--format", "json", "select 1 as a, 2 as a")

    assert done.returncode == 1
    assert "name each with `as`" in done.stderr


def test_rejected_parts_are_exit_status_3(home: Path, tmp_path: Path) -> None:
    made.write(tmp_path / "may.csv", made.FOCUS, {}, {"BilledCost": "a lot"})

    done = run(home, "ingest", str(tmp_path), "--partner", "other", "--tenant", TENANT)

    assert done.returncode == 3
    assert "1 rejected" in done.stderr


def test_doctor_finds_a_sound_installation_sound(home: Path) -> None:
    done = run(home, "doctor")

    assert done.returncode == 0, done.stdout
    assert f"Partner {PARTNER}" in done.stdout


def test_doctor_names_a_lost_key_and_what_to_do(home: Path, tmp_path: Path) -> None:
    broken = tmp_path / "home"
    shutil.copytree(home, broken)
    (broken / "keys" / f"{PARTNER}.key").write_text("0" * 64)

    done = run(broken, "doctor")

    assert done.returncode == 1
    assert "cloudprune publish" in done.stdout


def test_the_demo_takes_your_own_exports_and_does_nothing_twice(tmp_path: Path) -> None:
    made.write(tmp_path / "my-exports/may.csv", made.FOCUS, {})
    made.write(tmp_path / "my-exports/azure.csv", made.EA, {})
    arguments = ("demo", "--data", str(tmp_path / "my-exports"), "--no-serve")

    first = run(tmp_path / "home", *arguments)
    again = run(tmp_path / "home", *arguments)

    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert "2 landed" in first.stderr
    assert "2 unchanged" in again.stderr
    assert "nothing changed since the last build" in again.stderr
    assert "generation 1 is up to date" in again.stderr
    assert "2.50 USD" in first.stdout
    assert "2.40 EUR" in first.stdout


def test_the_demo_says_what_it_knows_when_nothing_is_a_cost_export(tmp_path: Path) -> None:
    (tmp_path / "stuff").mkdir()
    (tmp_path / "stuff/people.csv").write_text("name,age\nAda,36\n")

    done = run(tmp_path / "home", "demo", "--data", str(tmp_path / "stuff"), "--no-serve")

    assert done.returncode == 1
    assert "no cost export was found" in " ".join(done.stderr.split())
