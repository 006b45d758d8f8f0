"""A simulated AWS that answers on loopback."""

from collections.abc import Iterator

import pytest

from estate.clouds.aws.server import RunningAws, running_aws
from tests.integration.estate.aws.support import PARTNERS, THROUGH, Scanner, assume


@pytest.fixture(scope="module")
def aws() -> Iterator[RunningAws]:
    with running_aws(PARTNERS[:1], THROUGH) as running:
        yield running


@pytest.fixture
def scanner(aws: RunningAws) -> Iterator[Scanner]:
    aws.reset()
    connection = aws.connections[0]
    keys = assume(aws, connection.role_arn, ExternalId=connection.external_id)
    yield Scanner(aws, connection, keys)
    aws.reset()
