"""What the orchestrator's ticks and runs say of a subject goes with it."""

from pathlib import Path

import dagster as dg
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import TickData, TickStatus

from control.privacy_records import Subject, SubjectKind
from pipeline.privacy.history import history_traces, orchestrator_home
from pipeline.settings import Settings

ANN, BOB = "ann@mail.example", "bob@mail.example"


def tick(instance: dg.DagsterInstance, address: str) -> None:
    """Leave what an older version's sensor left: a run's configuration with who asked."""
    data = TickData(
        "o",
        "requested_scans",
        InstigatorType.SENSOR,
        TickStatus.STARTED,
        0.0,
        None,
        selector_id="s",
    )
    config = {"ops": {"cloud_tables": {"config": {"requested_by": address}}}}
    request = dg.RunRequest(run_key="k", partition_key="acme.web", run_config=config)
    made = instance.create_tick(data).with_run_requests(
        [request], reserved_run_ids=["1"], cursor=None
    )
    instance.update_tick(made.with_status(TickStatus.SUCCESS))


def publishing(partner: str) -> dg.JobDefinition:
    """Return a job of no partition that says whose marts it published."""

    @dg.op
    def publish(context: dg.OpExecutionContext) -> None:
        context.log.info("marts published folder=/home/serving/%s", partner)

    @dg.job
    def work() -> None:
        publish()

    return work


def test_ticks_that_name_an_erased_member_go_and_others_stay(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    home = orchestrator_home(settings)
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    with dg.DagsterInstance.from_config(str(home)) as instance:
        for address in (ANN, BOB):
            tick(instance, address)

    member = Subject(SubjectKind.MEMBER, "globex", subject_id="1")
    for found in history_traces(settings, member, ANN):
        found.remove()

    said = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert ANN.encode() not in said
    assert BOB.encode() in said


def test_a_run_of_no_partition_goes_with_the_partner_that_it_named(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    home = orchestrator_home(settings)
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    with dg.DagsterInstance.from_config(str(home)) as instance:
        for partner in ("acme", "acme-2"):
            last = publishing(partner).execute_in_process(instance=instance).run_id

        for found in history_traces(settings, Subject(SubjectKind.PARTNER, "acme")):
            found.remove()

        assert [run.run_id for run in instance.get_runs()] == [last]
    said = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"serving/acme-2" in said
    assert b"serving/acme" not in said.replace(b"serving/acme-2", b"")
