"""What the partner of made marts is billed for; hostile names are among the resources."""

from dataclasses import dataclass

from tests.e2e.dashboard.findings import VOLUME

SCRIPT = "<script>alert('x')</script>"
FORMULA = "$x^2$ `code` [link](http://example.invalid) **bold** :red[x]"
EMOJI = "naïve \U0001f680 \"quoted\" 'single' \\ back"


@dataclass(frozen=True)
class Thing:
    """One resource that costs the same every day, but for a weekly rhythm and growth."""

    tenant: str
    provider: str
    account: str
    service: str
    category: str
    region: str | None
    resource: str | None
    name: str | None
    currency: str
    per_day: str
    tags: str = "{}"
    has_list: bool = True
    commitment: str | None = None


THINGS = (
    Thing(
        "acme",
        "aws",
        "111122223333",
        "Amazon Elastic Compute Cloud",
        "Compute",
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d4e5f60718",
        "web-1",
        "USD",
        "41.37",
        '{"env":"prod","team":"web"}',
        commitment="Used",
    ),
    Thing(
        "acme",
        "aws",
        "111122223333",
        "Amazon Elastic Compute Cloud",
        "Compute",
        "us-east-1",
        "arn:aws:ec2:us-east-1:111122223333:instance/i-0b7c6d5e4f3a21908",
        "batch",
        "USD",
        "18.025",
        '{"env":"dev","team":"data"}',
    ),
    Thing(
        "acme",
        "aws",
        "444455556666",
        "Amazon Relational Database Service",
        "Databases",
        "eu-west-1",
        "arn:aws:rds:eu-west-1:444455556666:db:orders",
        "orders",
        "USD",
        "27.5",
        '{"env":"prod"}',
    ),
    Thing(
        "acme",
        "aws",
        "444455556666",
        "Amazon Simple Storage Service",
        "Storage",
        "eu-west-1",
        "arn:aws:s3:::acme-invoices",
        "acme-invoices",
        "USD",
        "6.0000000001",
    ),
    Thing(
        "acme",
        "aws",
        "111122223333",
        "AWS Support (Business)",
        "Management and Governance",
        None,
        None,
        None,
        "USD",
        "3.29",
        has_list=False,
    ),
    Thing(
        "acme",
        "aws",
        "111122223333",
        "Amazon Elastic Compute Cloud",
        "Storage",
        "eu-west-1",
        VOLUME,
        None,
        "USD",
        "1.6667",
        '{"env":"prod"}',
    ),
    Thing(
        "globex",
        "azure",
        "0f9e8d7c-1111-4222-8333-944455566677",
        "Virtual Machines",
        "Compute",
        "westeurope",
        "/subscriptions/0f9e8d7c-1111-4222-8333-944455566677/resourcegroups/app/"
        "providers/microsoft.compute/virtualmachines/vm-app-01",
        "vm-app-01",
        "EUR",
        "33.1",
        '{"env":"prod","cost-center":"4711"}',
    ),
    Thing(
        "globex",
        "azure",
        "0f9e8d7c-1111-4222-8333-944455566677",
        "Storage Accounts",
        "Storage",
        "westeurope",
        "/subscriptions/0f9e8d7c-1111-4222-8333-944455566677/resourcegroups/app/"
        "providers/microsoft.storage/storageaccounts/globexdata",
        "globexdata",
        "EUR",
        "4.75",
        '{"env":"prod"}',
    ),
    Thing(
        "initech",
        "aws",
        "777788889999",
        SCRIPT,
        "Compute",
        "eu-central-1",
        FORMULA,
        EMOJI,
        "USD",
        "2.5",
        '{"a/b~c":"<b>x</b>","env":"' + "prod" + '"}',
    ),
    Thing(
        "initech",
        "aws",
        "777788889999",
        "Amazon Virtual Private Cloud",
        "Networking",
        "eu-central-1",
        "arn:aws:ec2:eu-central-1:777788889999:natgateway/nat-0123",
        EMOJI,
        "USD",
        "1.08",
        has_list=False,
    ),
)
