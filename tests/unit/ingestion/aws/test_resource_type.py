"""Declared resource types of AWS: rows of what it answers."""

from typing import Any

import pytest

from ingestion.aws import ebs
from ingestion.aws.resource_type import row_reader


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        ({}, (None, 0, None)),
        ({"MultiAttachEnabled": False, "Attachments": []}, (False, 0, None)),
        ({"Attachments": [{"InstanceId": "i-1"}]}, (None, 1, "i-1")),
        (
            {
                "MultiAttachEnabled": True,
                "Attachments": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}],
            },
            (True, 2, "i-1"),
        ),
    ],
)
def test_a_volume_tells_how_many_instances_it_serves(
    answered: dict[str, Any], expected: tuple[bool | None, int, str | None]
) -> None:
    row = row_reader(ebs.VOLUMES)({"VolumeId": "vol-1", **answered})

    found = (row["is_multi_attach_enabled"], row["attachment_count"], row["instance_id"])
    assert found == expected
