"""The marts of a partner: complete, apart, described."""

from datetime import date
from decimal import Decimal

import pytest

from control.directory import Directory
from pipeline.dbt_run import run_dbt
from pipeline.ingest import ingest_costs
from pipeline.settings import Settings
from pipeline.warehouse import Warehouse
from tests.conftest import PARTNER, TENANT
from tests.integration.ingestion import made
from tests.integration.pipeline.asking import Served, day

pytestmark = pytest.mark.integration


def test_a_partner_without_any_data_has_empty_marts(settings: Settings) -> None:
    with Directory(settings.control) as directory:
        directory.ensure_tenant(PARTNER, TENANT)
    marts = Served(settings)

    marts.build()

    assert marts.rows("select count(*) as n from fct_cost_daily") == [{"n": 0}]


@pytest.fixture(scope="module")
def two_tenants(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """Two tenants of one account, built and published; read only."""
    home = tmp_path_factory.mktemp("two-tenants")
    settings = Settings(home=home / "state", work_memory="1GB")
    whole = [day(number, EffectiveCost="10") for number in range(1, 15)]
    for tenant, lines in {
        "contoso": [*whole, day(15, EffectiveCost="3")],
        "globex": [day(2, BilledCost="100")],
    }.items():
        bill = made.write(home / tenant / "may.csv", made.FOCUS, *lines)
        ingest_costs(settings, PARTNER, tenant, str(bill), makes_tenant=True)
    built = Served(settings)
    built.build()
    return built


def test_tenants_with_the_same_account_stay_apart(two_tenants: Served) -> None:
    assert two_tenants.rows(
        "select tenant_id, sum(billed_cost) as billed from fct_cost_daily group by 1 order by 1"
    ) == [
        {"tenant_id": "contoso", "billed": Decimal("37.5")},
        {"tenant_id": "globex", "billed": Decimal(100)},
    ]


def test_an_incomplete_last_day_is_left_out_of_month_to_date(two_tenants: Served) -> None:
    (row,) = two_tenants.rows(
        "select as_of_date, effective_cost from fct_cost_month_to_date where tenant_id = 'contoso'"
    )
    assert row == {"as_of_date": date(2026, 5, 14), "effective_cost": Decimal(140)}


def test_every_mart_column_is_described(two_tenants: Served) -> None:
    with two_tenants.session() as session:
        nameless = [
            f"{mart}.{column.name}"
            for mart, columns in session.tables.items()
            for column in columns
            if not column.description
        ]
        assert len(session.tables) == 18
        assert all(session.descriptions.values())
    assert nameless == []


def test_unit_tests_of_the_models_pass(two_tenants: Served) -> None:
    outcome = run_dbt(
        Warehouse.of(two_tenants.settings, PARTNER),
        ["test", "--select", "test_type:unit"],
        lambda _: None,
    )

    assert {str(result.status) for result in outcome.result.results} == {"pass"}  # type: ignore[union-attr]
    assert len(outcome.result.results) >= 78  # type: ignore[union-attr]
