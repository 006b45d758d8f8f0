"""A partner's warehouse: every dbt model an asset, every dbt test a check, one build for all."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, build_dbt_asset_specs

from control.roles import Action
from orchestration.acting import as_job
from orchestration.partitions import partition_check, partners
from pipeline.build import NodeResult, build_warehouse
from pipeline.errors import BuildError
from pipeline.settings import Settings

_BUILT = {"success", "pass", "warn", "no-op"}
_MODELS = {"model", "seed", "snapshot"}


class LayerTranslator(DagsterDbtTranslator):
    """Names assets after the project's folders: `staging`, `intermediate`, `marts`, `lake`.

    A source is the landed table of the same name, whatever the project calls its source.
    """

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Return `[layer, name]`."""
        return dg.AssetKey([self._layer(dbt_resource_props), dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return the layer."""
        return self._layer(dbt_resource_props)

    def get_partition_mapping(
        self,
        dbt_resource_props: Mapping[str, Any],  # noqa: ARG002 - dagster-dbt's signature
        dbt_parent_resource_props: Mapping[str, Any],
    ) -> dg.PartitionMapping | None:
        """Let a partner's models read whatever months of its tenants have landed."""
        if dbt_parent_resource_props["resource_type"] == "source":
            return dg.AllPartitionMapping()
        return None

    @staticmethod
    def _layer(props: Mapping[str, Any]) -> str:
        if props["resource_type"] == "source":
            return "lake"
        folders = PurePosixPath(props["original_file_path"]).parts[:-1]
        return folders[1] if len(folders) > 1 and folders[0] == "models" else folders[0]


class DbtGraph:
    """The assets and checks that a manifest declares, found by dbt's ids."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        translator = LayerTranslator()
        self.specs = build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=translator)
        self.keys = {spec.metadata["dagster_dbt/unique_id"]: spec.key for spec in self.specs}
        self.checks = dict(self._checks(manifest))

    def _checks(self, manifest: Mapping[str, Any]) -> Iterator[tuple[str, dg.AssetCheckSpec]]:
        for unique_id, node in manifest["nodes"].items():
            if node["resource_type"] != "test":
                continue
            tested = [node.get("attached_node"), *reversed(node["depends_on"]["nodes"])]
            key = next((self.keys[model] for model in tested if model in self.keys), None)
            if key:
                described = node.get("description") or node["name"].replace("_", " ")
                yield unique_id, partition_check(node["name"], key, partners, described)

    def check_key(self, unique_id: str) -> dg.AssetCheckKey | None:
        """Return the key of a test's check; None for anything else."""
        check = self.checks.get(unique_id)
        return None if check is None else check.key

    def events(
        self, nodes: Iterable[NodeResult]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        """Yield what Dagster shows of built models and of tests that ran."""
        for node in nodes:
            if node.unique_id in self.keys and node.status in _BUILT:
                yield dg.MaterializeResult(
                    asset_key=self.keys[node.unique_id], metadata=_metadata(node)
                )
            elif node.unique_id in self.checks and node.status != "skipped":
                check = self.checks[node.unique_id]
                yield dg.AssetCheckResult(
                    asset_key=check.asset_key,
                    check_name=check.name,
                    passed=node.status == "pass",
                    severity=_severity(node),
                    description=node.message or node.status,
                    metadata={"elapsed_s": node.elapsed_s},
                )


def build_warehouse_assets(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """Return the assets of a partner's warehouse, as the manifest declares them."""
    graph = DbtGraph(manifest)

    @dg.multi_asset(
        name="warehouse",
        specs=graph.specs,
        check_specs=list(graph.checks.values()),
        partitions_def=partners,
        pool="warehouse",
        can_subset=True,  # a partner of which nothing changed yields nothing
    )
    def warehouse(
        context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        with as_job(settings, context.partition_key, "build_warehouse", Action.RUN_PLATFORM):
            try:
                report = build_warehouse(settings, context.partition_key, say=context.log.info)
            except BuildError as error:
                raise dg.Failure(str(error), allow_retries=False) from error
        yield from graph.events(
            node
            for node in report.nodes
            if graph.keys.get(node.unique_id) in context.selected_asset_keys
            or graph.check_key(node.unique_id) in context.selected_asset_check_keys
        )

    return warehouse


def _metadata(node: NodeResult) -> Mapping[str, Any]:
    rows = {} if node.row_count is None else {"dagster/row_count": node.row_count}
    return {**rows, "elapsed_s": round(node.elapsed_s, 3), "status": node.status}


def _severity(node: NodeResult) -> dg.AssetCheckSeverity:
    is_warning = node.status == "warn"
    return dg.AssetCheckSeverity.WARN if is_warning else dg.AssetCheckSeverity.ERROR
