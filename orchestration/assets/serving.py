"""A partner's serving file: what dashboard, SQL and reports read."""

from collections.abc import Sequence

import dagster as dg

from control.roles import Action
from orchestration.acting import as_job
from orchestration.partitions import partners
from pipeline.publish import publish_marts
from pipeline.settings import Settings
from serving.errors import ServingError
from serving.publish import PublishReport

SERVING_FILE = dg.AssetKey(["serving", "marts_file"])


def build_serving_asset(marts: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """Return the asset of a partner's published marts."""

    @dg.asset(
        key=SERVING_FILE,
        deps=marts,
        description="The partner's marts in one encrypted file, replaced by a swap.",
        group_name="serving",
        kinds={"duckdb"},
        partitions_def=partners,
        pool="publish",
    )
    def marts_file(
        context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
    ) -> dg.MaterializeResult:
        with as_job(settings, context.partition_key, "publish_marts", Action.RUN_PLATFORM):
            try:
                report = publish_marts(settings, context.partition_key, say=context.log.info)
            except ServingError as error:
                raise dg.Failure(str(error), allow_retries=False) from error
        return dg.MaterializeResult(metadata=_metadata(report))

    return marts_file


def _metadata(report: PublishReport) -> dict[str, dg.MetadataValue]:
    records = [
        dg.TableRecord({"table": name, "rows": rows}) for name, rows in report.tables.items()
    ]
    schema = dg.TableSchema([dg.TableColumn("table"), dg.TableColumn("rows", "int")])
    return {
        "dagster/row_count": dg.MetadataValue.int(sum(report.tables.values())),
        "bytes": dg.MetadataValue.int(report.path.stat().st_size),
        "generation": dg.MetadataValue.int(report.generation),
        "is_new": dg.MetadataValue.bool(not report.skipped),
        "file": dg.MetadataValue.path(report.path),
        "tables": dg.MetadataValue.table(records, schema),
    }
