"""Everything that a partner's first day needs: bills, two clouds, sign-in, a worker, a camera."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from playwright.sync_api import Page

from apps.cli.demo_clouds import cloud_environment
from estate.bills import write_bills
from estate.clouds.aws.roles import ROLE_NAME, SCANNING_ACCOUNT
from estate.clouds.running import CloudConnection, Clouds, running_clouds
from pipeline.settings import Settings
from tests.e2e.sign_in.conftest import Guarded, browser, guarded_dashboard, visit

__all__ = ["browser", "visit"]

PARTNER, AWS_TENANT, AZURE_TENANT = "aurora", "birch", "cedar"
ORGANIZATION = "org_northwind"
PRINCIPAL = f"arn:aws:iam::{SCANNING_ACCOUNT}:user/scanner"
_SEED, _MONTHS = 5, 2
_PICTURES = "JOURNEY_PICTURES"


@dataclass(frozen=True)
class FirstDay:
    """An installation without a partner, beside the clouds and bills of one."""

    served: Guarded
    clouds: Clouds
    bills: dict[str, Path]

    def cloudprune(self, *arguments: str) -> str:
        """Run a command as the operator; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "apps.cli.main", *arguments],
            env=os.environ | {"CLOUDPRUNE_HOME": str(self.served.settings.home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def connection(self, tenant_id: str) -> CloudConnection:
        """Return the first cloud of a tenant."""
        return next(
            found
            for found in self.clouds.connections
            if (found.partner_id, found.tenant_id) == (PARTNER, tenant_id)
        )

    def create_role(self, external_id: str) -> str:
        """Make the role as an administrator of the AWS account does; return its ARN."""
        account_id = self.connection(AWS_TENANT).scope
        key, secret = self.clouds.aws.access_key
        iam = boto3.client(
            "iam",
            endpoint_url=self.clouds.aws.url,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            region_name="us-east-1",
        )
        iam.meta.events.register(
            "before-sign",
            lambda request, **_: request.headers.__setitem__("x-moto-account-id", account_id),
        )
        trust = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{SCANNING_ACCOUNT}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        iam.update_assume_role_policy(RoleName=ROLE_NAME, PolicyDocument=policy)
        return f"arn:aws:iam::{account_id}:role/{ROLE_NAME}"


@pytest.fixture
def first_day(tmp_path: Path) -> Iterator[FirstDay]:
    """Nobody is a partner yet; the worker waits for what pages will ask."""
    through = datetime.now(UTC).date() - timedelta(days=1)
    settings = Settings(home=tmp_path / "home", aws_principal=PRINCIPAL)
    written = write_bills(
        tmp_path / "bills", seed=_SEED, size="small", through=through, months=_MONTHS
    )
    bills = {
        tenant: path for (partner, tenant), path in written.folders.items() if partner == PARTNER
    }
    with (
        running_clouds(written.partners, through) as clouds,
        cloud_environment(clouds.environment),
        guarded_dashboard(settings, tmp_path / "provider.log") as served,
        _worker(settings),
    ):
        yield FirstDay(served, clouds, bills)


@contextmanager
def _worker(settings: Settings) -> Iterator[None]:
    """Do what pages ask for, as an installation without the orchestrator does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "apps.cli.main", "work", "--watch"],
        env=os.environ | {"CLOUDPRUNE_HOME": str(settings.home)},
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


@dataclass
class Camera:
    """Keeps a picture of each step, numbered, where `JOURNEY_PICTURES` says."""

    folder: Path | None
    count: int = 0

    def take(self, page: Page, step: str) -> None:
        """Keep what the window shows."""
        self.count += 1
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=self.folder / f"{self.count:02d}-{step}.png")


@pytest.fixture
def camera() -> Camera:
    named = os.environ.get(_PICTURES)
    return Camera(Path(named) if named else None)
