"""Every template by name, as text with a file name; pages and commands offer the same ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from onboarding import aws_export, aws_role, aws_terraform, azure_bicep, azure_script
from onboarding import azure_terraform as azure_hcl
from onboarding.azure_role import Federation

APPLICATION = "CloudPrune"
_CONSOLE = "https://console.aws.amazon.com/cloudformation/home"
_HOME_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Template:
    """What a customer runs.

    Attributes:
        name: What it is called in an address or a command.
        title: What it is called on a page.
        file_name: What it is saved as.
        text: All of it.
        language: For colouring: yaml, hcl, bicep or sh.
    """

    name: str
    title: str
    file_name: str
    text: str
    language: str


_AWS: Mapping[str, tuple[str, str, str, Callable[[str, str], str]]] = {
    "aws": (
        "CloudFormation, one account", "cloudprune-role.yaml", "yaml", aws_role.role_template
    ),
    "aws-terraform": (
        "Terraform, one account", "cloudprune-role.tf", "hcl", aws_terraform.role_module
    ),
    "aws-organization": (
        "CloudFormation, every account of an organization",
        "cloudprune-organization.yaml",
        "yaml",
        aws_role.organization_template,
    ),
    "aws-export": (
        "CloudFormation, daily cost export",
        "cloudprune-cost-export.yaml",
        "yaml",
        aws_export.export_template,
    ),
}  # fmt: skip
AWS_TEMPLATES = tuple(_AWS)
AZURE_TEMPLATES = ("azure", "azure-bicep", "azure-bicep-group", "azure-terraform")


def aws_template(name: str, principal: str, external_id: str) -> Template:
    """Return a template of AWS.

    Args:
        name: One of `AWS_TEMPLATES`.
        principal: ARN of the identity that scans run as.
        external_id: Of the connection.
    """
    title, file_name, language, write = _AWS[name]
    return Template(name, title, file_name, write(principal, external_id), language)


def azure_template(name: str, federation: Federation | None = None) -> Template:
    """Return a template of Azure.

    Args:
        name: One of `AZURE_TEMPLATES`.
        federation: Sign in without a secret, as this identity.
    """
    if name == "azure":
        text = azure_script.script(APPLICATION, federation)
        return Template(name, "Azure CLI script", "connect-azure.sh", text, "sh")
    if name == "azure-terraform":
        text = azure_hcl.module(APPLICATION, federation)
        return Template(name, "Terraform", "connect-azure.tf", text, "hcl")
    is_group = name == "azure-bicep-group"
    title = "Bicep, management group" if is_group else "Bicep, subscription"
    text = azure_bicep.bicep(federation, is_group=is_group)
    return Template(name, title, "connect-azure.bicep", text, "bicep")


def quick_create_link(template_url: str, stack_name: str, principal: str, external_id: str) -> str:
    """Return an address that opens AWS's console on a stack with everything filled in.

    Args:
        template_url: Where the template lies in S3, for AWS takes it from there alone.
        stack_name: What the stack is called.
        principal: ARN of the identity that scans run as.
        external_id: Of the connection.
    """
    filled = {
        "templateURL": template_url,
        "stackName": stack_name,
        "param_Principal": principal,
        "param_ExternalId": external_id,
    }
    query = urlencode(filled, quote_via=quote)
    return f"{_CONSOLE}?region={_HOME_REGION}#/stacks/quickcreate?{query}"
