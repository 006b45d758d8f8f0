"""Findings, from landed scans and bills to the marts: what is found, counted, closed and kept."""

import json
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from control.directory import Directory
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT, Ingest
from tests.content import served
from tests.e2e.builds.scanned import ATTACHED, BALANCER, SCANNED, STOPPED, VOLUME, Findings
from tests.integration.pipeline.scans import Scans

pytestmark = pytest.mark.e2e

ADDED_LATER = ["thresholds", "is_dismissed", "is_unverified"]


def test_a_finding_shows_its_figures_and_what_the_bill_says(findings: Findings) -> None:
    findings.bill(SCANNED - timedelta(days=1), {"vol-1": "0.4"})
    findings.scans.land(SCANNED, {"aws_ebs_volumes": [VOLUME]})

    findings.build()

    (found,) = findings.rows("select * from fct_findings")
    assert found["rule_id"] == "aws_ebs_volume_unattached"
    assert found["estimated_monthly_savings"] == Decimal("12.00")
    assert (found["owner"], found["confidence"], found["is_counted"]) == ("web", "high", True)
    assert VOLUME["resource_name"] in found["sentence"]
    assert "at least 35 days" in found["sentence"]
    (figure,) = json.loads(found["evidence"])
    assert (figure["value"], figure["comparison"], figure["threshold"]) == (35, ">=", 7)
    assert json.loads(found["savings_inputs"])[0]["value"] == 12
    assert json.loads(found["thresholds"])["high_confidence_days"] == 30
    assert found["console_url"].endswith("#VolumeDetails:volumeId=vol-1")


def test_no_billing_line_is_no_dollar(findings: Findings) -> None:
    findings.bill(SCANNED - timedelta(days=1), {"vol-other": "0.4"})
    findings.scans.land(SCANNED, {"aws_ebs_volumes": [VOLUME]})

    findings.build()

    (found,) = findings.rows("select * from fct_findings")
    assert found["estimated_monthly_savings"] is None
    assert not found["is_counted"]
    assert found["savings_unknown_reason"]


def test_what_a_machine_speaks_for_is_counted_once(findings: Findings) -> None:
    findings.bill(SCANNED - timedelta(days=1), {"vol-1": "0.4"})
    findings.scans.land(
        SCANNED,
        {
            "aws_ec2_instances": [STOPPED],
            "aws_ebs_volumes": [ATTACHED],
            "aws_elastic_ips": [],
        },
    )

    findings.build()

    counted = findings.rows(
        "select rule_id, estimated_monthly_savings as estimated, "
        "counted_monthly_savings as counted from fct_savings order by rule_id"
    )
    assert counted == [
        {"rule_id": rule_id, "estimated": Decimal(estimated), "counted": Decimal(count)}
        for rule_id, estimated, count in (
            ("aws_ebs_gp2_to_gp3", "2.40", "0.00"),
            ("aws_ebs_volume_on_stopped_instance", "12.00", "0.00"),
            ("aws_ec2_instance_stopped_long", "12.00", "12.00"),
        )
    ]


def test_a_denied_region_keeps_its_resources_and_a_complete_scan_drops_them(
    findings: Findings,
) -> None:
    findings.bill(SCANNED - timedelta(days=1), {"vol-1": "0.4"})
    findings.scans.land(SCANNED, {"aws_ebs_volumes": [VOLUME]})
    findings.build()
    findings.scans.land(SCANNED + timedelta(days=1), {}, denied=["aws_ebs_volumes"])
    findings.build()
    still_open = findings.rows("select observed_date from fct_findings")
    findings.scans.land(SCANNED + timedelta(days=2), {"aws_ebs_volumes": []})

    findings.build()

    assert still_open == [{"observed_date": SCANNED}]
    assert findings.rows("select * from fct_findings") == []
    (closed,) = findings.rows("select * from fct_finding_history")
    assert (closed["status"], closed["last_seen_date"], closed["resolved_date"]) == (
        "resolved",
        SCANNED + timedelta(days=1),
        SCANNED + timedelta(days=2),
    )


def test_what_cannot_be_listed_for_days_is_neither_idle_nor_resolved(findings: Findings) -> None:
    findings.bill(SCANNED - timedelta(days=1), {"lb-1": "0.6"})
    findings.scans.land(SCANNED, {"aws_load_balancers": [BALANCER]})
    findings.build()
    for day in (1, 2, 3):
        findings.scans.land(SCANNED + timedelta(days=day), {}, denied=["aws_load_balancers"])

    findings.build()

    (history,) = findings.rows("select * from fct_finding_history")
    assert (history["status"], history["last_seen_date"]) == ("unverified", SCANNED)
    assert findings.rows("select * from fct_findings") == []


def test_utilization_that_ended_weeks_ago_makes_no_finding(findings: Findings) -> None:
    findings.bill(SCANNED - timedelta(days=1), {"vol-1": "0.4", "lb-1": "0.6"})
    seen = {"aws_ebs_volumes": [VOLUME], "aws_load_balancers": [BALANCER]}
    findings.scans.land(SCANNED - timedelta(days=30), {})
    findings.scans.land(SCANNED, seen, known=False)
    findings.build()
    unmeasured = findings.rows("select * from fct_findings")
    findings.scans.land(SCANNED + timedelta(days=1), seen)

    findings.build()

    assert unmeasured == []
    assert findings.rows("select rule_id from fct_findings order by rule_id") == [
        {"rule_id": "aws_alb_idle"},
        {"rule_id": "aws_ebs_volume_unattached"},
    ]


def test_a_finding_without_its_metrics_is_unverified_until_they_are_read_again(
    findings: Findings,
) -> None:
    findings.bill(SCANNED - timedelta(days=1), {"lb-1": "0.6"})
    seen = {"aws_load_balancers": [BALANCER]}
    course = []
    for day, is_known, listed in (
        (0, True, seen), (5, False, seen), (6, False, seen), (7, True, seen),
        (12, False, seen), (13, False, {"aws_load_balancers": []}),
    ):  # fmt: skip
        findings.scans.land(SCANNED + timedelta(days=day), listed, known=is_known)
        findings.build()
        (history,) = findings.rows("select * from fct_finding_history")
        course.append((day, history["status"], history["reopened_date"]))

    assert course == [
        (0, "open", None),
        (5, "unverified", None),
        (6, "unverified", None),
        (7, "open", None),
        (12, "unverified", None),
        (13, "resolved", None),
    ]
    assert history["last_seen_date"] == SCANNED + timedelta(days=7)
    assert history["resolved_date"] == SCANNED + timedelta(days=13)


def test_a_new_scan_leaves_cost_marts_alone_and_a_rerun_does_nothing(findings: Findings) -> None:
    findings.bill(SCANNED - timedelta(days=1), {"vol-1": "0.4"})
    findings.scans.land(SCANNED, {"aws_ebs_volumes": []})
    findings.build()
    again = findings.build()
    findings.scans.land(SCANNED + timedelta(days=1), {"aws_ebs_volumes": [VOLUME]})

    report = findings.build()

    built = {node.name for node in report.nodes}
    assert again.nodes == ()
    assert "fct_findings" in built
    assert not {"fct_cost_lines", "fct_cost_daily", "int_partitions"} & built
    assert len(findings.rows("select * from fct_findings")) == 1


def test_a_new_delivery_leaves_alone_what_scans_decide(
    findings: Findings, settings: Settings
) -> None:
    findings.bill(SCANNED - timedelta(days=1), {"vol-1": "0.4"})
    findings.scans.land(SCANNED, {"aws_ebs_volumes": [VOLUME]})
    findings.build()
    findings.bill(SCANNED, {"vol-1": "0.6"})

    report = findings.build()

    built = {node.name for node in report.nodes}
    assert {"fct_cost_lines", "stg_finding_observations", "fct_findings"} <= built
    assert not {"dim_rule", "fct_scan_coverage", "int_inventory__aws_ebs_volumes"} & built
    (found,) = findings.rows("select estimated_monthly_savings as saving from fct_findings")
    assert found == {"saving": Decimal("18.00")}
    step_by_step = served(settings, PARTNER)
    findings.build(full_refresh=True)
    assert served(settings, PARTNER) == step_by_step


def test_thresholds_and_exemptions_hold_for_their_tenant(
    findings: Findings, settings: Settings
) -> None:
    findings.bill(SCANNED - timedelta(days=1), {"vol-1": "0.4"})
    findings.scans.land(SCANNED, {"aws_ebs_volumes": [VOLUME]})
    findings.build()
    findings.scans.land(SCANNED + timedelta(days=1), {"aws_ebs_volumes": [VOLUME]})
    with closing(Directory(settings.control)) as directory:
        rule = (PARTNER, "", "aws_ebs_volume_unattached", "min_days_unattached")
        directory.set_rule_threshold(*rule, 60)
        findings.build()
        stricter = findings.rows("select * from fct_findings")
        raised = findings.rows("select status, resolved_date from fct_finding_history")
        directory.set_rule_threshold(PARTNER, TENANT, *rule[2:], 30)
        findings.build()
        for_the_tenant = findings.rows("select thresholds from fct_findings")
        directory.add_rule_exemption(
            PARTNER, "", "*", tag_key="Backup", tag_value="keep", reason="law", created_by="test"
        )

        findings.build()

    assert stricter == []
    assert raised == [{"status": "dismissed", "resolved_date": SCANNED + timedelta(days=1)}]
    assert json.loads(for_the_tenant[0]["thresholds"])["min_days_unattached"] == 30
    assert findings.rows("select * from fct_findings") == []
    (exempted,) = findings.rows("select * from fct_finding_history")
    assert exempted["status"] == "dismissed"
    assert "tag exempted" in exempted["realized_unknown_reason"]


def test_history_survives_a_new_warehouse_and_measures_what_was_saved(
    findings: Findings, settings: Settings
) -> None:
    findings.bill(SCANNED - timedelta(days=1), {"vol-1": "0.4", "vol-2": "0.1"})
    findings.scans.land(SCANNED, {"aws_ebs_volumes": [VOLUME]})
    findings.build()
    for landed in Path(settings.lake).glob("**/finding_observations/**/data.parquet"):
        columns = pq.ParquetFile(landed).read()
        pq.write_table(columns.drop_columns(ADDED_LATER), landed)  # as once
    closed = SCANNED + timedelta(days=1)
    findings.scans.land(closed, {"aws_ebs_volumes": []})
    findings.build()
    waiting = findings.rows("select * from fct_finding_history")
    lines = {"vol-1": "0.4", "vol-2": "0.1"}
    findings.bill(closed + timedelta(days=12), lines, days=58, ended={"vol-1": closed})

    findings.build(full_refresh=True)

    (history,) = findings.rows("select * from fct_finding_history")
    assert waiting[0]["realized_monthly_savings"] is None
    assert "complete days" in waiting[0]["realized_unknown_reason"]
    assert (history["first_seen_date"], history["status"]) == (SCANNED, "resolved")
    assert history["realized_monthly_savings"] == Decimal("12.00")


def test_other_tenants_of_the_partner_stay_apart(
    findings: Findings, settings: Settings, ingest: Ingest, tmp_path: Path
) -> None:
    findings.bill(SCANNED - timedelta(days=1), {"vol-1": "0.4"})
    ingest(tenant="globex")
    findings.scans.land(SCANNED, {"aws_ebs_volumes": [VOLUME]})
    Scans(settings, tmp_path, "globex").land(SCANNED, {"aws_ebs_volumes": []})

    findings.build()

    assert findings.rows("select tenant_id from fct_findings") == [{"tenant_id": TENANT}]
