"""What the orchestrator's jobs do for one partner tells nothing of another."""

import pytest

from pipeline.settings import Settings
from tests.e2e.isolation.conftest import PARTITIONS, Estate
from tests.e2e.isolation.estate import SIDES, other
from tests.e2e.isolation.found import leaks
from tests.integration.orchestration.running import code_location

pytestmark = pytest.mark.e2e


def test_every_job_and_every_asset_is_run_here(settings: Settings) -> None:
    location = code_location(settings)
    jobs = {
        job.name
        for job in location.get_repository_def().get_all_jobs()
        if not job.name.startswith("__")
    }

    assert jobs == set(PARTITIONS), (
        f"add to PARTITIONS in {__package__}.conftest how these jobs run for one partner, and take "
        f"out what is no job: {sorted(jobs ^ set(PARTITIONS))}"
    )
    made = set().union(
        *(location.resolve_job_def(name).asset_layer.executable_asset_keys for name in jobs)
    )
    graph = location.resolve_asset_graph()
    left = {key.to_user_string() for key in graph.executable_asset_keys - made}
    assert not left, f"let a job make these assets, so that they are run here: {sorted(left)}"


@pytest.mark.parametrize("job", PARTITIONS)
def test_no_run_tells_anything_of_another_partner(job: str, estate: Estate) -> None:
    ran = [each for each in estate.ran if each.job == job]

    assert ran
    for each in ran:
        foreign = other(each.side).needles if each.side else [w for s in SIDES for w in s.words]
        assert leaks(each.told, foreign) == []


def test_what_a_run_says_of_its_own_partner_is_found(estate: Estate) -> None:
    """The search is not blind: amounts and names of one's own are in what the jobs tell."""
    told = {each.job: each.told for each in estate.ran if each.side is SIDES[0]}

    assert leaks(told["land_costs"], SIDES[0].needles)
    assert leaks(told["publish_marts"], [SIDES[0].partner_id])
