"""Plugin of dbt-duckdb that prepares each of its connections to read the lake."""

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from pipeline.lake_access import prepare


class Plugin(BasePlugin):
    """Named in `profiles.yml`; its one option is `lake`, the lake's root."""

    def initialize(self, plugin_config: dict[str, str]) -> None:
        """Keep the lake's root."""
        self._lake = plugin_config.get("lake", "")

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Load extensions and credentials before the warehouse is attached."""
        prepare(conn, self._lake)
