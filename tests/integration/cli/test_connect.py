"""`cloudprune connect`, from the template to the end, against a cloud that checks everything."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from control.directory import Directory
from pipeline.connect import connect_azure
from pipeline.settings import Settings
from tests.integration.cli.running import run
from tests.integration.connecting.conftest import enforce  # noqa: F401
from tests.integration.ingestion.aws import customers
from tests.integration.ingestion.aws.conftest import _server, cloud  # noqa: F401

pytestmark = pytest.mark.integration

ACCOUNT = "222233334444"
ROLE = customers.role_of(ACCOUNT)
WHOSE = ("--partner", "northwind", "--tenant", "contoso")
IDENTIFIER = "8f7a1c2e-0000-4000-8000-000000000000"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLOUDPRUNE_AWS_PRINCIPAL", customers.PRINCIPAL)
    return tmp_path / "home"


def external_id_of(template: str) -> str:
    document: dict[str, Any] = yaml.safe_load(template)
    return str(document["Parameters"]["ExternalId"]["Default"])


def test_from_template_to_disconnecting(
    home: Path,
    enforce: Callable[[], None],  # noqa: F811
) -> None:
    printed = run(home, "connect", "template", "aws", *WHOSE)
    assert printed.returncode == 0, printed.stderr
    again = run(home, "connect", "template", "aws", *WHOSE)
    assert external_id_of(printed.stdout) == external_id_of(again.stdout)
    customers.create_role(ACCOUNT, external_id_of(printed.stdout))
    enforce()

    connected = run(home, "connect", "aws", *WHOSE, "--role-arn", ROLE)
    assert connected.returncode == 0, connected.stderr
    assert "is connected" in connected.stderr
    assert "aws_ebs_volumes" in connected.stdout

    tested = run(home, "connect", "test", *WHOSE)
    assert tested.returncode == 0, tested.stderr
    assert "good, today" in run(home, "connect", "list", "--partner", "northwind").stdout

    removal = ("connect", "remove", *WHOSE, "--connection", f"aws-{ACCOUNT}")
    wrong = run(home, *removal, "--keep-data", "--confirm", "aws-1")
    assert wrong.returncode == 1
    assert "nothing was changed" in wrong.stderr
    removed = run(home, *removal, given=f"y\naws-{ACCOUNT}\n")
    assert removed.returncode == 0, removed.stderr
    assert "records of what was collected are deleted" in " ".join(removed.stderr.split())
    assert ROLE not in run(home, "connect", "list", "--partner", "northwind").stdout


def test_an_open_role_is_told_in_red_words_and_not_connected(
    home: Path,
    enforce: Callable[[], None],  # noqa: F811
) -> None:
    printed = run(home, "connect", "template", "aws", *WHOSE)
    customers.create_role(ACCOUNT, external_id_of(printed.stdout))
    customers.open_trust(ACCOUNT)
    enforce()

    done = run(home, "connect", "aws", *WHOSE, "--role-arn", ROLE)

    assert done.returncode == 1
    assert "requires this connection's sts:ExternalId" in " ".join(done.stderr.split())
    assert "is not connected" in done.stderr


def test_without_our_own_identity_no_template_is_printed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLOUDPRUNE_AWS_PRINCIPAL")

    done = run(home, "connect", "template", "aws", *WHOSE)

    assert (done.returncode, done.stdout) == (1, "")
    assert "CLOUDPRUNE_AWS_PRINCIPAL" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("aws", *WHOSE, "--role-arn", "no role"),
        ("aws", *WHOSE, "--role-arn", "no role", "--organization"),
        ("aws", *WHOSE, "--role-arn", ROLE, "--setup", "no setup"),
        ("aws", "--partner", "northwind", "--tenant", "No Tenant", "--role-arn", ROLE),
        ("azure", *WHOSE, "--directory-id", "none", "--client-id", IDENTIFIER),
        ("azure", *WHOSE, "--directory-id", IDENTIFIER, "--client-id", IDENTIFIER, "--federated"),
    ],
    ids=lambda arguments: " ".join(arguments[-2:]),
)
def test_what_is_no_argument_makes_no_partner(
    home: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDPRUNE_AZURE_CLIENT_SECRET", "a-secret")

    refused = run(home, "connect", *arguments)

    assert refused.returncode != 0
    with Directory(Settings(home=home).control) as directory:
        assert directory.partners() == ()


def test_an_access_key_is_refused_and_not_repeated(home: Path) -> None:
    done = run(home, "connect", "aws", *WHOSE, "--role-arn", "AKIAIOSFODNN7EXAMPLE")

    assert done.returncode == 1
    assert "never taken" in done.stderr
    assert "AKIA" not in done.stdout + done.stderr
    assert not any(b"AKIAIOSFODNN7" in path.read_bytes() for path in home.rglob("*.db*"))


@pytest.mark.parametrize(("days", "status", "words"), [(10, 0, "ends in"), (-3, 1, "ended on")])
def test_the_doctor_reminds_of_a_secret_before_it_ends(
    home: Path, days: int, status: int, words: str
) -> None:
    settings = Settings(home=home)
    access = connect_azure(settings, "northwind", "contoso", IDENTIFIER, IDENTIFIER, "s3cret")
    last = datetime.now(UTC).date() + timedelta(days=days)
    with Directory(settings.control) as directory:
        directory.set_secret_expiry("northwind", "contoso", access.connection_id, last)

    done = run(home, "doctor")

    assert words in done.stdout
    assert "cloudprune connect azure" in " ".join(done.stdout.split())
    assert done.returncode == status


def test_no_command_shows_a_secret(home: Path) -> None:
    settings = Settings(home=home)
    connect_azure(settings, "northwind", "contoso", IDENTIFIER, IDENTIFIER, "s3cret-value")

    for command in ("list", "show"):
        tenant = WHOSE if command == "show" else WHOSE[:2]
        done = run(home, "connect", command, *tenant)
        assert done.returncode == 0
        assert "s3cret-value" not in json.dumps([done.stdout, done.stderr])


@pytest.mark.parametrize(
    "issuer", ["http://id.example/cp", "https://id.example/$web", "id.example"]
)
def test_an_issuer_that_azure_would_not_read_is_refused_at_once(
    home: Path, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDPRUNE_AZURE_ISSUER", issuer)

    done = run(home, "connect", "list", "--partner", "northwind")

    assert done.returncode == 1
    assert "CLOUDPRUNE_AZURE_ISSUER: it has to be an address" in " ".join(done.stderr.split())
    assert issuer not in done.stderr


def test_a_template_makes_no_key_of_a_partner_that_is_not_there(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDPRUNE_AZURE_ISSUER", "https://id.example/cp")
    federated = ("connect", "template", "azure", "--federated", "--tenant", "contoso")

    unknown = run(home, *federated, "--partner", "nosuch")
    with Directory(Settings(home=home).control) as directory:
        directory.ensure_partner("northwind")
    known = run(home, *federated, "--partner", "northwind")

    assert unknown.returncode == 1
    assert "no partner nosuch" in " ".join(unknown.stderr.split())
    assert not list(home.rglob("nosuch*"))
    assert known.returncode == 0, known.stderr
    with Directory(Settings(home=home).control) as directory:
        assert [tenant.tenant_id for tenant in directory.tenants("northwind")] == ["contoso"]


def test_rotating_publishes_both_keys_and_says_from_when_the_new_one_signs(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDPRUNE_AZURE_ISSUER", "https://id.example/cp")
    written = home / "public" / ".well-known" / "jwks.json"

    def keys(*options: str) -> tuple[list[str], str]:
        done = run(home, "connect", "issuer", "--out", str(home / "public"), *options)
        assert done.returncode == 0, done.stderr
        return [key["kid"] for key in json.loads(written.read_text())["keys"]], done.stderr

    first, _ = keys()
    both, told = keys("--rotate")

    assert both[:1] == first
    assert len(both) == 2
    assert "The new key signs from" in told
    assert keys()[0] == both
