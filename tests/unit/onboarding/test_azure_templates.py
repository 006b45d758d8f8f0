"""What customers of Azure run: it parses, and grants the custom role and cost reading alone."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ingestion.permissions import azure_role
from onboarding.azure_role import Federation
from onboarding.catalogue import AZURE_TEMPLATES, azure_template

COST_READER = "72fafb9e-d641-4937-9268-a91bfd86081a"
BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
FEDERATION = Federation("https://issuer.example", "cloudprune:northwind:contoso:5ca1ab1e")
GRANTED = azure_role([])["Actions"]


def text_of(name: str, federation: Federation | None = None) -> str:
    return azure_template(name, federation).text


@pytest.mark.parametrize("name", AZURE_TEMPLATES)
def test_every_form_grants_the_declared_operations_and_costs(name: str) -> None:
    text = text_of(name)

    assert all(action in text for action in GRANTED)
    assert COST_READER in text or '"Cost Management Reader"' in text
    for wide in ("Owner", "Contributor", "User Access Administrator", '"*"', "'*'"):
        assert wide not in text


@pytest.mark.parametrize("federation", [None, FEDERATION])
def test_the_script_is_a_script(federation: Federation | None, tmp_path: Path) -> None:
    path = tmp_path / "connect-azure.sh"
    path.write_text(text_of("azure", federation))

    assert subprocess.run(["sh", "-n", path], check=False).returncode == 0


def run_script(
    folder: Path, *arguments: str, federation: Federation | None = None, trusts: str = ""
) -> "subprocess.CompletedProcess[str]":
    """Run the script with an `az` that writes down what it is asked.

    Args:
        folder: Where it runs.
        arguments: What it is given.
        federation: Whom it lets the application trust.
        trusts: The credential that the application has already for that name.
    """
    az = folder / "az"
    az.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$*" >> {folder}/asked\n'
        f'for each; do [ -f "${{each#@}}" ] && cat "${{each#@}}" >> {folder}/asked; done\n'
        f'case "$*" in *"credential list"*) echo {trusts} ;; *"--query"*) echo answered ;; esac\n'
    )
    az.chmod(0o755)
    (folder / "connect.sh").write_text(text_of("azure", federation).replace("sleep 30", ":"))
    return subprocess.run(
        ["sh", folder / "connect.sh", *arguments],
        env={"PATH": f"{folder}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_script_assigns_both_roles_and_tells_what_to_give(tmp_path: Path) -> None:
    done = run_script(tmp_path, "/subscriptions/abc")

    asked = (tmp_path / "asked").read_text()
    assert done.returncode == 0, done.stderr
    assert asked.count("role assignment create") == 2
    assert f"--role {COST_READER} --scope /subscriptions/abc" in asked
    assert "Microsoft.CostManagement" not in asked
    for told in ("Directory (tenant) id", "Application (client) id", "Client secret", "It ends on"):
        assert told in done.stdout


def test_the_script_lets_the_application_trust_this_tenant_s_name(tmp_path: Path) -> None:
    done = run_script(tmp_path, "/subscriptions/abc", federation=FEDERATION)

    asked = (tmp_path / "asked").read_text()
    assert done.returncode == 0, done.stderr
    assert "federated-credential create --id answered" in asked
    assert '"subject": "cloudprune:northwind:contoso:5ca1ab1e"' in asked
    assert "credential reset" not in asked


def test_the_script_takes_an_issuer_that_changed_into_the_credential_that_is_there(
    tmp_path: Path,
) -> None:
    """Entra has one credential of a name, whose name cannot be changed."""
    moved = Federation("https://new.example/cp", FEDERATION.subject)

    done = run_script(
        tmp_path, "/subscriptions/abc", federation=moved, trusts="cloudprune-5ca1ab1e"
    )

    asked = (tmp_path / "asked").read_text()
    assert done.returncode == 0, done.stderr
    _, update = asked.split("federated-credential update --id answered ")
    assert update.startswith("--federated-credential-id cloudprune-5ca1ab1e ")
    assert '{"issuer": "https://new.example/cp", "subject": "cloudprune:' in update
    assert "federated-credential create" not in asked


def test_the_script_makes_exports_where_a_storage_account_is_given(tmp_path: Path) -> None:
    done = run_script(tmp_path, "/subscriptions/abc", "/subscriptions/abc/x/accounts/costs")

    asked = (tmp_path / "asked").read_text()
    assert done.returncode == 0, done.stderr
    for kind in ("FocusCost", "ActualCost", "AmortizedCost"):
        assert f'"type": "{kind}"' in asked
    assert '"dataVersion": "1.0r2"' in asked
    assert asked.count("--method put") == 3
    assert BLOB_READER not in asked


def test_the_script_lets_the_exports_be_read_where_that_is_asked_for(tmp_path: Path) -> None:
    done = run_script(tmp_path, "/subscriptions/abc", "/subscriptions/abc/x/accounts/costs", "read")

    asked = (tmp_path / "asked").read_text()
    assert done.returncode == 0, done.stderr
    assert (
        f"--role {BLOB_READER} --scope "
        "/subscriptions/abc/x/accounts/costs/blobServices/default/containers/costs"
    ) in asked
    assert asked.count("role assignment create") == 3


def test_nothing_reads_a_container_unless_that_is_asked_for() -> None:
    terraform = text_of("azure-terraform")

    assert (
        'variable "lets_read_exports" {\n  type        = bool\n  default     = false' in terraform
    )
    assert f"--role {BLOB_READER}" in text_of("azure-bicep")
    assert BLOB_READER not in text_of("azure-bicep-group")


def test_the_script_without_a_scope_says_what_to_give(tmp_path: Path) -> None:
    done = run_script(tmp_path)

    assert done.returncode != 0
    assert "give a scope" in done.stderr
    assert not (tmp_path / "asked").exists()


def test_a_federated_application_has_no_secret() -> None:
    for name in AZURE_TEMPLATES:
        text = text_of(name, FEDERATION)
        assert "api://AzureADTokenExchange" in text
        assert FEDERATION.issuer in text
        assert f'"{FEDERATION.subject}"' in text
        assert "credential reset" not in text
        assert "application_password" not in text


@pytest.mark.parametrize("hostile", ["$(touch owned)", "`x`", 'a"b', "a'b", "a b", "a\nb", ""])
def test_the_words_of_a_federation_are_plain(hostile: str) -> None:
    """They land in shell and HCL."""
    with pytest.raises(ValueError, match="no plain word"):
        Federation("https://issuer.example", hostile)


@pytest.mark.parametrize("federation", [None, FEDERATION])
def test_the_terraform_is_terraform(federation: Federation | None) -> None:
    pygohcl = pytest.importorskip("pygohcl", reason="pygohcl is not installed")
    resources: dict[str, Any] = pygohcl.loads(text_of("azure-terraform", federation))["resource"]

    assert set(resources["azurerm_role_assignment"]) == {"inventory", "costs", "exports"}
    permissions = resources["azurerm_role_definition"]["inventory"]["permissions"]
    assert permissions["actions"] == GRANTED
    assert ("azuread_application_password" in resources) is (federation is None)


@pytest.mark.parametrize("federation", [None, FEDERATION])
def test_terraform_itself_reads_it(federation: Federation | None) -> None:
    terraform = shutil.which("terraform")
    if not terraform:
        pytest.skip("terraform is not installed")

    done = subprocess.run(
        [terraform, "fmt", "-check", "-diff", "-"],
        input=text_of("azure-terraform", federation),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("federation", [None, FEDERATION])
@pytest.mark.parametrize("name", ["azure-bicep", "azure-bicep-group"])
def test_the_bicep_parses_and_names_only_what_it_declares(
    name: str, federation: Federation | None
) -> None:
    tree_sitter = pytest.importorskip("tree_sitter", reason="tree-sitter is not installed")
    bicep = pytest.importorskip("tree_sitter_bicep", reason="tree-sitter-bicep is not installed")
    parser = tree_sitter.Parser(tree_sitter.Language(bicep.language()))

    assert not parser.parse(text_of(name, federation).encode()).root_node.has_error
    assert parser.parse(text_of(name).replace("{", "", 1).encode()).root_node.has_error


def test_a_management_group_has_no_exports() -> None:
    assert "Microsoft.CostManagement/exports@" in text_of("azure-bicep")
    assert "Microsoft.CostManagement/exports@" not in text_of("azure-bicep-group")
    assert "targetScope = 'managementGroup'" in text_of("azure-bicep-group")
