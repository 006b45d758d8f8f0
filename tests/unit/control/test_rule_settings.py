"""Thresholds and exemptions in the control database."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from control.directory import Directory
from control.errors import UnknownParentError

RULE = ("aws_ebs_snapshot_old", "min_age_days")


@pytest.fixture
def directory(control_url: str) -> Iterator[Directory]:
    with closing(Directory(control_url)) as opened:
        opened.ensure_tenant("northwind", "contoso")
        opened.ensure_tenant("globex", "initech")
        yield opened


def test_a_threshold_is_replaced_and_taken_back(directory: Directory) -> None:
    directory.set_rule_threshold("northwind", "", *RULE, 100)
    directory.set_rule_threshold("northwind", "", *RULE, 180.5)
    directory.set_rule_threshold("northwind", "contoso", *RULE, 30)

    held = directory.rule_thresholds("northwind")

    assert [(row.tenant_id, row.value) for row in held] == [("", 180.5), ("contoso", 30)]
    assert directory.unset_rule_threshold("northwind", "", *RULE)
    assert not directory.unset_rule_threshold("northwind", "", *RULE)
    assert [row.tenant_id for row in directory.rule_thresholds("northwind")] == ["contoso"]


def test_an_exemption_keeps_who_asked_first_and_why_last(directory: Directory) -> None:
    tag = {"tag_key": "backup", "tag_value": "keep"}
    directory.add_rule_exemption("northwind", "", "*", **tag, reason="law", created_by="ana")
    directory.add_rule_exemption("northwind", "", "*", **tag, reason="contract", created_by="bo")

    (held,) = directory.rule_exemptions("northwind")

    assert (held.reason, held.created_by) == ("contract", "bo")
    assert directory.remove_rule_exemption("northwind", "", "*", **tag)
    assert directory.rule_exemptions("northwind") == ()


def test_another_partner_sees_and_changes_nothing(directory: Directory) -> None:
    directory.set_rule_threshold("northwind", "", *RULE, 100)

    assert directory.rule_thresholds("globex") == ()
    assert not directory.unset_rule_threshold("globex", "", *RULE)
    assert len(directory.rule_thresholds("northwind")) == 1


def test_a_partner_who_does_not_exist_is_named(directory: Directory) -> None:
    with pytest.raises(UnknownParentError, match="partner nobody"):
        directory.set_rule_threshold("nobody", "", *RULE, 100)
