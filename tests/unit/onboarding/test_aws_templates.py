"""What customers of AWS run: valid, least privilege, trusted by one principal with its own id."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from estate.exports.focus_columns import columns_of
from ingestion.permissions import aws_policy
from onboarding.aws_role import member_external_id, member_template
from onboarding.catalogue import AWS_TEMPLATES, aws_template, quick_create_link
from pipeline.grants import declared

PRINCIPAL = "arn:aws:iam::111122223333:role/cloudprune-scans"
EXTERNAL_ID = "12345678901234567890123456789e12"  # some readers of YAML would see a number
CLOUDFORMATION = ("aws", "aws-organization", "aws-export")


def text_of(name: str) -> str:
    return aws_template(name, PRINCIPAL, EXTERNAL_ID).text


def document(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(text_of(name))
    return read


def statements(role: dict[str, Any]) -> dict[str, dict[str, Any]]:
    (policy,) = role["Properties"]["Policies"]
    return {found["Sid"]: found for found in policy["PolicyDocument"]["Statement"]}


def trusted(role: dict[str, Any]) -> dict[str, Any]:
    (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert isinstance(statement, dict)
    return statement


def test_what_templates_grant_is_what_collectors_declare() -> None:
    file = Path(__file__).parents[3] / "onboarding/grants.json"

    assert json.loads(file.read_text()) == declared(), "run: python -m pipeline.grants"


@pytest.mark.parametrize("name", CLOUDFORMATION)
def test_a_template_is_valid_cloudformation(name: str, tmp_path: Path) -> None:
    cfnlint = pytest.importorskip("cfnlint.api", reason="cfn-lint is not installed")
    body = [member_template()] if name == "aws-organization" else []

    for text in (text_of(name), *body):
        config = cfnlint.ManualArgs(regions=["us-east-1"])
        assert [str(match) for match in cfnlint.lint(text, config=config)] == []


def test_cfn_lint_would_see_a_property_that_does_not_exist() -> None:
    cfnlint = pytest.importorskip("cfnlint.api", reason="cfn-lint is not installed")
    config = cfnlint.ManualArgs(regions=["us-east-1"])
    broken = text_of("aws").replace("MaxSessionDuration: 3600", "MaxSessionSeconds: 3600")

    assert cfnlint.lint(broken, config=config)


@pytest.mark.parametrize("name", ["aws", "aws-organization"])
def test_a_role_may_do_what_a_scan_needs_and_is_denied_contents(name: str) -> None:
    role = document(name)["Resources"]["ReadOnlyRole"]
    scan = aws_policy()["Statement"]
    lists = ["organizations:ListAccounts"] if name == "aws-organization" else []

    granted = statements(role)
    assert granted["ReadWhatExistsAndHowMuchItIsUsed"]["Action"] == sorted(
        [*scan[0]["Action"], *lists]
    )
    assert granted["NeverReadContentsOrSecrets"] == scan[1]
    own = granted["AskWhatThisRoleMayDo"]
    assert own["Action"] == ["iam:SimulatePrincipalPolicy"]
    assert own["Resource"]["Fn::Sub"].endswith("role/${RoleName}")
    assert len(granted) == 3


@pytest.mark.parametrize(
    ("name", "role"), [("aws", "ReadOnlyRole"), ("aws-export", "ExportReader")]
)
def test_a_role_is_trusted_to_one_principal_with_the_external_id(name: str, role: str) -> None:
    found = document(name)
    made = found["Resources"][role]

    assert trusted(made)["Principal"] == {"AWS": {"Ref": "Principal"}}
    assert trusted(made)["Condition"] == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    assert made["Properties"]["MaxSessionDuration"] == 3600
    assert found["Parameters"]["Principal"]["Default"] == PRINCIPAL
    assert found["Parameters"]["ExternalId"]["Default"] == EXTERNAL_ID


def test_each_member_account_has_an_external_id_of_its_own() -> None:
    stack_set = document("aws-organization")["Resources"]["MemberRoles"]["Properties"]
    member = json.loads(stack_set["TemplateBody"])["Resources"]["ReadOnlyRole"]

    assert trusted(member)["Condition"] == {
        "StringEquals": {"sts:ExternalId": {"Fn::Sub": "${ExternalId}-${AWS::AccountId}"}}
    }
    assert member_external_id("x", "222233334444") == "x-222233334444"
    assert stack_set["PermissionModel"] == "SERVICE_MANAGED"
    assert stack_set["AutoDeployment"]["Enabled"]
    assert "organizations:ListAccounts" not in str(member)


def test_the_reader_of_an_export_is_opt_in_and_reads_one_prefix() -> None:
    found = document("aws-export")
    reader = found["Resources"]["ExportReader"]
    (policy,) = reader["Properties"]["Policies"]
    listing, getting = policy["PolicyDocument"]["Statement"]

    assert found["Parameters"]["LetCloudPruneRead"]["Default"] == "no"
    assert reader["Condition"] == "IsRead"
    assert (listing["Action"], getting["Action"]) == ("s3:ListBucket", "s3:GetObject")
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["cloudprune/*"]}}
    assert getting["Resource"]["Fn::Sub"].endswith("/cloudprune/*")


def test_an_export_has_all_columns_of_its_table() -> None:
    export = document("aws-export")["Resources"]["CostExport"]["Properties"]["Export"]
    query = export["DataQuery"]["QueryStatement"]

    columns = query.removeprefix("SELECT ").removesuffix(" FROM FOCUS_1_0_AWS").split(", ")
    assert set(columns) == set(columns_of("focus_1_0", "aws"))
    assert len(columns) == len(set(columns))


def test_an_export_bucket_survives_its_stack_and_is_closed() -> None:
    bucket = document("aws-export")["Resources"]["ExportBucket"]

    assert bucket["DeletionPolicy"] == bucket["UpdateReplacePolicy"] == "Retain"
    assert all(bucket["Properties"]["PublicAccessBlockConfiguration"].values())


def test_the_terraform_module_grants_the_same(tmp_path: Path) -> None:
    pygohcl = pytest.importorskip("pygohcl", reason="pygohcl is not installed")
    module = pygohcl.loads(text_of("aws-terraform"))

    assert module["resource"]["aws_iam_role"]["cloudprune"]["max_session_duration"] == 3600
    text = text_of("aws-terraform")
    for statement in aws_policy()["Statement"]:
        assert all(f'"{action}",' in text for action in statement["Action"])
    assert 'Condition = { StringEquals = { "sts:ExternalId" = var.external_id } }' in text


def test_terraform_itself_reads_the_module() -> None:
    terraform = shutil.which("terraform")
    if not terraform:
        pytest.skip("terraform is not installed")

    done = subprocess.run(
        [terraform, "fmt", "-check", "-diff", "-"],
        input=text_of("aws-terraform"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "")


def test_a_quick_create_link_carries_principal_and_external_id() -> None:
    link = quick_create_link(
        "https://bucket.s3.amazonaws.com/cloudprune-role.yaml", "CloudPrune", PRINCIPAL, "ab c&d"
    )

    assert "#/stacks/quickcreate?templateURL=https%3A%2F%2Fbucket" in link
    assert "param_ExternalId=ab%20c%26d" in link
    assert "param_Principal=arn%3Aaws%3Aiam%3A%3A111122223333" in link


@pytest.mark.parametrize("name", AWS_TEMPLATES)
def test_no_template_writes_or_takes_an_access_key(name: str) -> None:
    text = text_of(name)

    assert "aws_access_key" not in text.lower()
    assert "AWS::IAM::User" not in text
    assert "AdministratorAccess" not in text
