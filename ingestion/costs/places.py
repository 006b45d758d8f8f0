"""Where in the lake a delivery belongs, and which other connections' place it takes."""

from collections.abc import Container, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from ingestion.costs import composition, overlap, siblings
from ingestion.costs.decisions import Decisions
from ingestion.costs.ledger import Load
from ingestion.costs.staging import NO_SCOPE
from ingestion.lake import TenantLake


class Places:
    """Finds the places of deliveries in one tenant's lake."""

    def __init__(self, lake: TenantLake, decisions: Decisions) -> None:
        self._lake = lake
        self._decisions = decisions
        self._ledger = decisions.ledger
        self._bills: dict[tuple[str, ...], siblings.Bill] = {}

    def own_connection(
        self, con: duckdb.DuckDBPyConnection, load: Load, lines: str, spool: Path
    ) -> Load:
        """Find the connection of files without a manifest by the accounts they bill.

        Of one billing account, a file that bills every account of a connection is another delivery
        of it. A file of one account that shares none with what landed was exported on its own, and
        gets a connection of its own, month by month. Files of two billing accounts are never one
        connection's.

        Raises:
            RefusedDeliveryError: It holds several accounts, none of which landed before; or it
                names nobody, and holds some charges of another file that does not.
        """
        if load.export_name:
            return load
        ours = overlap.accounts(con, lines)
        if len(ours) == 1:
            own = siblings.split_off(load, next(iter(ours)))
            if self._ledger.knows(own):
                return replace(load, connection_id=own)
        if self._ledger.current(*load.partition):
            theirs = self._accounts(con, load.connection_id, load.billing_period, spool)
            account = siblings.further_account(load, ours, theirs)
            if account is None:
                return load
            return replace(load, connection_id=siblings.split_off(load, account))
        alike = [
            sibling
            for sibling in self._ledger.siblings(load)
            if all(
                old.scope == load.scope and not old.export_name and old.load_id != load.load_id
                for old in self._ledger.current(sibling, load.billing_period)
            )
        ]
        if load.scope == NO_SCOPE:
            return self._of_nobody(con, load, lines, alike, spool)
        billed = [
            sibling
            for sibling in alike
            if (theirs := self._accounts(con, sibling, load.billing_period, spool))
            and theirs <= ours
        ]
        return replace(load, connection_id=billed[0]) if len(billed) == 1 else load

    def _of_nobody(
        self,
        con: duckdb.DuckDBPyConnection,
        load: Load,
        lines: str,
        alike: Sequence[str],
        spool: Path,
    ) -> Load:
        """Find the connection of a file that names no account at all, by the charges it holds.

        One that holds all charges of another such file is its later delivery, and one that holds
        none is another bill.

        Raises:
            RefusedDeliveryError: It holds some of another's charges.
        """
        for sibling in alike:
            held = self._ledger.current(sibling, load.billing_period)
            theirs = self.lines((sibling, load.billing_period), spool)
            share = overlap.held_share(con, lines, theirs) if theirs else 0
            rival = next((old for old in held if old.dataset == load.dataset), None)
            if share and (share == 1 or not rival or self._decisions.take_over):
                return replace(load, connection_id=sibling)
            if share and rival:
                siblings.refuse_nameless(load, rival)
        return load

    def _accounts(
        self, con: duckdb.DuckDBPyConnection, connection_id: str, billing_period: str, spool: Path
    ) -> set[str]:
        lines = self.lines((connection_id, billing_period), spool)
        return overlap.accounts(con, lines) if lines else set()

    def lines(self, partition: tuple[str, str], spool: Path) -> str | None:
        """Return SQL of the lines a partition holds."""
        existing = self._lake.fetch("cost_lines", *partition, spool=spool)
        return composition.select(existing) if existing else None

    def covered(
        self,
        con: duckdb.DuckDBPyConnection,
        load: Load,
        lines: str,
        spool: Path,
        *,
        scopes: Container[str],
    ) -> dict[str, list[Load]]:
        """Return the other connections whose place in the month a load takes, with their loads.

        An export with a manifest keeps its place, and so does another kind of export, unless it is
        taken over. What one delivery bills in several scopes are different charges.

        Args:
            con: Connection to ask.
            load: The new load.
            lines: SQL of its lines.
            spool: Private folder on the lake's disk.
            scopes: All billing scopes of its delivery.

        Raises:
            RefusedDeliveryError: Another one bills an account of it on the same days, or holds a
                charge of it that names nobody.
        """
        others = self._ledger.siblings(load)
        ours = siblings.bill(con, lines) if others else siblings.Bill()
        covered: dict[str, list[Load]] = {}
        for sibling in others:
            held = self._ledger.current(sibling, load.billing_period)
            if any(old.scope != load.scope and old.scope in scopes for old in held):
                continue
            billed = self._bill(con, held, spool)
            is_free = self._decisions.take_over or not any(
                old.export_name or old.dataset != load.dataset for old in held
            )
            if is_free and siblings.is_covered(load, held, ours, billed):
                covered[sibling] = held
                continue
            siblings.check_apart(load, held, ours, billed)
            is_nameless = any(not name for name, _, _ in ours & billed)
            theirs = self.lines(held[0].partition, spool) if is_nameless else None
            if theirs:
                overlap.check_nameless(con, load, held[0], lines, theirs)
        return covered

    def only_in(
        self, con: duckdb.DuckDBPyConnection, load: Load, lines: str, spool: Path
    ) -> list[str]:
        """Return the accounts that a load bills and nothing that landed for its month does."""
        billed = {name for name, _, _ in siblings.bill(con, lines) if name}
        for connection in (load.connection_id, *self._ledger.siblings(load)):
            held = self._ledger.current(connection, load.billing_period)
            billed -= {name for name, _, _ in self._bill(con, held, spool)}
        return sorted(billed)

    def _bill(
        self, con: duckdb.DuckDBPyConnection, held: Sequence[Load], spool: Path
    ) -> siblings.Bill:
        """Return what a partition bills, read once while its version stands.

        A delivery of many accounts asks each of their connections for each of them.
        """
        key = (*held[0].partition, held[0].partition_version)
        if key not in self._bills:
            lines = self.lines(held[0].partition, spool)
            self._bills[key] = siblings.bill(con, lines) if lines else siblings.Bill()
        return self._bills[key]
