"""From bills and scans over HTTP to findings: every rule against the planted truth, to the cent."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
import yaml

from benchmarks.workloads.findings import (
    MONTHS,
    THROUGH,
    Key,
    RuleScore,
    found_in,
    scores,
    take_through,
)
from estate.billing.charges import Charge, Kind
from estate.billing.ledger import CORRECTION_DAYS, Ledger
from estate.model import BillingScope, Partner, Resource
from estate.sizes import EC2_TYPES, VM_SIZES
from estate.truth import canonical_id, truth
from estate.world import calendar, month_end
from pipeline.dbt_parse import PROJECT
from pipeline.settings import Settings
from serving.session import open_session

pytestmark = pytest.mark.e2e

SEED = 31
CENT = Decimal("0.01")
DAYS = calendar(THROUGH, MONTHS)
WORDS = {
    path.stem.removeprefix("int_findings__"): yaml.safe_load(path.read_text())["models"][0][
        "config"
    ]["meta"]["rule"]
    for path in (PROJECT / "models/intermediate/findings").glob("*/int_findings__*.yml")
}
UNPRICED = sorted(rule_id for rule_id, words in WORDS.items() if "price_unit" not in words)
TARGETS = {  # rule, size: what a smaller or newer one costs, of what this one does
    ("aws_ec2_instance_overprovisioned", "m6i.2xlarge"): "m6i.xlarge",
    ("aws_ec2_instance_overprovisioned", "m7i.xlarge"): "m7i.large",
    ("aws_ec2_previous_generation", "m4.2xlarge"): "m6i.2xlarge",
    ("azure_vm_overprovisioned", "Standard_D8s_v5"): "Standard_D4s_v5",
    ("azure_vm_overprovisioned", "Standard_E8s_v5"): "Standard_E4s_v5",
    ("azure_vm_superseded_series", "Standard_DS3_v2"): "Standard_D4s_v5",
    ("azure_vm_superseded_series", "Standard_F4s"): "Standard_F4s_v2",
}


@dataclass(frozen=True)
class Found:
    """An estate after everything ran."""

    settings: Settings
    partners: tuple[Partner, ...]
    keys: set[Key]
    rows: dict[Key, dict[str, Any]]


@pytest.fixture(scope="session")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """The small estate, scanned over HTTP, built and published; read only."""
    settings = Settings(home=tmp_path_factory.mktemp("findings"))
    partners = take_through(settings, SEED)
    rows: dict[Key, dict[str, Any]] = {}
    for partner in partners:
        with open_session(settings.serving, settings.keys, partner.partner_id) as session:
            for row in session.query("select * from fct_findings").to_pylist():
                key = (row["rule_id"], partner.partner_id, row["tenant_id"], row["resource_id"])
                rows[key] = row
    return Found(settings, partners, found_in(settings, partners), rows)


def scopes(found: Found) -> Iterator[BillingScope]:
    for partner in found.partners:
        for tenant in partner.tenants:
            yield from tenant.scopes


def planted(found: Found, rule_id: str) -> Iterator[tuple[BillingScope, Resource, dict[str, Any]]]:
    """Yield what a rule must find, with the finding."""
    for scope in scopes(found):
        for resource in scope.resources:
            if rule_id in resource.findings and resource.exists_on(THROUGH + timedelta(days=1)):
                key = (rule_id, scope.partner_id, scope.tenant_id, canonical_id(resource))
                yield scope, resource, found.rows[key]


def last_30_days(scope: BillingScope) -> list[Charge]:
    """Return the charges of the last 30 complete days, as the last deliveries have them."""
    first, last = THROUGH - timedelta(days=30), THROUGH - timedelta(days=1)
    ledger = Ledger(scope, DAYS)
    return [
        charge
        for period in DAYS.periods
        if month_end(period) > first
        for charge in ledger.bill(period, min(THROUGH, month_end(period) + CORRECTION_DAYS)).charges
        if charge.resource and first <= charge.start <= last and charge.kind is not Kind.NEGATION
    ]


def attached_to(scope: BillingScope, resource: Resource) -> list[Resource]:
    """Return what a machine or an image keeps: disks, addresses, snapshots."""
    return [
        other
        for other in scope.resources
        if other.attached_to == resource.resource_id or other.resource_id in resource.snapshot_ids
    ]


def stays_of_its_chain(
    found: Found, scope: BillingScope, resource: Resource, rule_id: str
) -> list[str]:
    """Return the snapshots of the same disk that the rule does not find."""
    if "snapshot" not in resource.kind:
        return []
    going = {other.resource_id for _, other, _ in planted(found, rule_id)}
    return [
        other.resource_id
        for other in scope.resources
        if other.kind == resource.kind
        and other.source_id == resource.source_id
        and other.resource_id not in going
    ]


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def is_traffic(charge: Charge) -> bool:
    return "ransfer" in charge.meter.usage_type + charge.meter.name


def test_every_rule_finds_what_was_planted_and_nothing_else(found: Found) -> None:
    results = scores(truth(found.partners, THROUGH), found.keys)

    wrong = {each.rule_id: each for each in results if each.missed or each.unexpected}
    assert wrong == {}
    assert len(results) == 33
    assert all(each.planted and each.near_misses for each in results)


def test_a_score_counts_what_is_missed_and_what_is_too_much() -> None:
    one, two, three = (("rule", "partner", "tenant", name) for name in ("one", "two", "three"))

    score = RuleScore("rule", frozenset({one}), frozenset({three}), planted=2, near_misses=0)

    assert (score.found, score.precision, score.recall) == (2, 0.5, 0.5)
    assert scores([], {two})[0].precision == 0


@pytest.mark.parametrize("rule_id", UNPRICED)
def test_deleting_or_stopping_saves_what_no_commitment_covers(found: Found, rule_id: str) -> None:
    cost = WORDS[rule_id]["cost"]
    compared = 0
    for scope, resource, row in planted(found, rule_id):
        claimed = attached_to(scope, resource) if cost == "attached" else [resource]
        saved = sum(
            (
                charge.effective_cost
                for charge in last_30_days(scope)
                if charge.resource in claimed
                and charge.commitment is None
                and not (cost == "capacity" and is_traffic(charge))
            ),
            Decimal(0),
        )
        expected = None if stays_of_its_chain(found, scope, resource, rule_id) else cents(saved)
        assert row["estimated_monthly_savings"] == expected, row
        assert row["billing_currency"] == scope.currency
        compared += expected is not None
    assert compared


@pytest.mark.parametrize("rule_id", sorted({rule_id for rule_id, _ in TARGETS}))
def test_another_size_saves_the_difference_of_list_prices(found: Found, rule_id: str) -> None:
    prices = {name: Decimal(size.price) for name, size in (EC2_TYPES | VM_SIZES).items()}
    compared = 0
    for scope, machine, row in planted(found, rule_id):
        target = TARGETS.get((rule_id, machine.size))
        if target is None or "idle" in machine.story:
            continue
        uncovered = sum(
            (
                charge.effective_cost
                for charge in last_30_days(scope)
                if charge.resource is machine
                and charge.commitment is None
                and not is_traffic(charge)
            ),
            Decimal(0),
        )
        ratio = 1 - (prices[target] / prices[machine.size]).quantize(Decimal("1e-8"))
        assert row["target_value"] == target, row
        assert row["estimated_monthly_savings"] == cents(uncovered * ratio), row
        compared += 1
    assert compared > 1


def test_the_evidence_is_the_estates_own_figures(found: Found) -> None:
    compared = 0
    for rule_id in ("aws_ec2_instance_idle", "azure_vm_idle"):
        for _, machine, row in planted(found, rule_id):
            figures = {
                (each["name"], each["statistic"]): each["value"]
                for each in json.loads(row["evidence"])
            }
            values = [float(value) for value in figures.values() if value is not None]
            assert any(value == pytest.approx(machine.load.cpu, abs=0.01) for value in values)
            assert any(value == pytest.approx(machine.load.cpu_peak, abs=0.01) for value in values)
            compared += 1
    assert compared > 3


def test_no_dollar_is_counted_twice(found: Found) -> None:
    """What findings on a resource and on what it keeps count is at most what these cost."""
    counted: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for partner in found.partners:
        with open_session(
            found.settings.serving, found.settings.keys, partner.partner_id
        ) as session:
            for row in session.query("select * from fct_savings where is_counted").to_pylist():
                key = (partner.partner_id, row["tenant_id"], row["resource_id"])
                counted[key] += row["counted_monthly_savings"]
    groups = 0
    for scope in scopes(found):
        keepers = {
            canonical_id(kept): canonical_id(resource)
            for resource in scope.resources
            for kept in attached_to(scope, resource)
        }
        saved: dict[str, Decimal] = defaultdict(Decimal)
        for resource in scope.resources:
            name = canonical_id(resource)
            saved[keepers.get(name, name)] += counted.pop(
                (scope.partner_id, scope.tenant_id, name), Decimal(0)
            )
        costs: dict[str, Decimal] = defaultdict(Decimal)
        for charge in last_30_days(scope):
            if charge.resource:
                name = canonical_id(charge.resource)
                costs[keepers.get(name, name)] += charge.effective_cost
        for name, amount in saved.items():
            assert amount <= costs[name] + CENT, name
            groups += amount > 0
    assert not counted
    assert groups > 20


def test_every_place_was_read_whole(found: Found) -> None:
    for partner in found.partners:
        with open_session(
            found.settings.serving, found.settings.keys, partner.partner_id
        ) as session:
            states = session.query(
                "select distinct status, snapshot_date from fct_scan_coverage where is_latest"
            ).to_pylist()
        assert states == [{"status": "complete", "snapshot_date": date(2026, 5, 21)}]
