"""`cloudprune rules`: what is looked for, with which thresholds, and what is left alone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from apps.cli.acting import as_operator
from apps.cli.console import err, out
from apps.cli.errors import CommandError
from apps.cli.options import PartnerOption, require_partner
from control.directory import Directory
from control.permission import Actor
from control.records import RuleThreshold
from control.roles import Action
from control.rule_settings import EVERY_TENANT
from pipeline.rule_catalogue import WINDOWS, Rule, rules
from pipeline.settings import Settings

EVERY_RULE = "*"

app = typer.Typer(
    no_args_is_help=True,
    help="List the rules; set their thresholds; exempt resources from them by tag.",
)

_SomeTenant = Annotated[
    str,
    typer.Option("--tenant", "-t", help="For one client only; otherwise for all of the partner."),
]
_RuleName = Annotated[str, typer.Argument(help="A rule; see [bold]cloudprune rules list[/].")]
_BUILD = "It holds from the next build: cloudprune build --partner {partner}"


@app.command("list")
def list_rules(
    provider: Annotated[str, typer.Option(help="aws or azure; otherwise both.")] = "",
) -> None:
    """List the rules and their default thresholds.

    Example: [bold]cloudprune rules list --provider aws[/]
    """
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Rule", "What it finds", "Defaults"):
        table.add_column(heading, overflow="fold")
    for rule in rules().values():
        if provider in ("", rule.provider):
            defaults = "\n".join(f"{name} {value:g}" for name, value in rule.thresholds.items())
            table.add_row(rule.rule_id, rule.title, defaults)
    out.print(table)


@app.command()
def show(name: _RuleName, partner: PartnerOption) -> None:
    """Show a rule, and its thresholds for a partner and each tenant that has its own.

    Example: [bold]cloudprune rules show aws_ec2_instance_idle --partner northwind[/]
    """
    settings, rule = Settings(), _rule(name)
    with _rules_of(settings, partner, EVERY_TENANT, f"show {name}") as (_, directory):
        changed = [row for row in directory.rule_thresholds(partner) if row.rule_id == name]
    out.print(f"[bold]{rule.title}[/] ({rule.category}, {rule.action})")
    out.print(escape(rule.description))
    out.print(f"[bold]Leave it alone:[/] {escape(rule.false_positives)}")
    out.print(f"[bold]Source:[/] {escape(rule.source)}")
    out.print(_thresholds(rule, changed))


@app.command("set")
def set_threshold(
    name: _RuleName,
    threshold: Annotated[str, typer.Argument(help="Name of the threshold.")],
    value: Annotated[float, typer.Argument(help="Its value, in the threshold's own unit.")],
    partner: PartnerOption,
    tenant: _SomeTenant = EVERY_TENANT,
) -> None:
    """Set a threshold in place of its default.

    Example: [bold]cloudprune rules set aws_ebs_snapshot_old min_age_days 180 --partner northwind[/]
    """
    settings = Settings()
    _check(_rule(name), threshold, value)
    what = f"{name} {threshold} {value:g}"
    with _rules_of(settings, partner, tenant, what) as (_, directory):
        directory.set_rule_threshold(partner, tenant, name, threshold, value)
    err.print(f"{name}: {threshold} is {value:g} for {_whom(partner, tenant)}.")
    err.print(_BUILD.format(partner=partner))


@app.command()
def unset(
    name: _RuleName,
    threshold: Annotated[str, typer.Argument(help="Name of the threshold.")],
    partner: PartnerOption,
    tenant: _SomeTenant = EVERY_TENANT,
) -> None:
    """Go back to a threshold's default.

    Example: [bold]cloudprune rules unset aws_ebs_snapshot_old min_age_days --partner northwind[/]
    """
    settings = Settings()
    with _rules_of(settings, partner, tenant, f"{name} {threshold} default") as (_, directory):
        was_set = directory.unset_rule_threshold(partner, tenant, name, threshold)
    if not was_set:
        raise CommandError(f"{threshold} of {name} is not set for {_whom(partner, tenant)}")
    err.print(f"{name}: {threshold} is the default again for {_whom(partner, tenant)}.")
    err.print(_BUILD.format(partner=partner))


@app.command()
def exempt(
    tag: Annotated[str, typer.Argument(help="KEY=VALUE, or KEY alone for every value.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept with the exemption.")],
    partner: PartnerOption,
    tenant: _SomeTenant = EVERY_TENANT,
    name: Annotated[str, typer.Option("--rule", help="One rule; otherwise every rule.")] = (
        EVERY_RULE
    ),
    is_ended: Annotated[bool, typer.Option("--end", help="End the exemption.")] = False,
) -> None:
    """Let rules leave resources with a tag alone.

    Example: [bold]cloudprune rules exempt backup=keep --reason "law" --partner northwind[/]
    """
    settings = Settings()
    if name != EVERY_RULE:
        _rule(name)
    key, value = _tag(tag)
    verb = "no longer exempt" if is_ended else "exempt"
    what = f"{tag} {verb} of {name}"
    with _rules_of(settings, partner, tenant, what) as (actor, directory):
        if not is_ended:
            directory.add_rule_exemption(
                partner,
                tenant,
                name,
                tag_key=key,
                tag_value=value,
                reason=reason,
                created_by=actor.name,
            )
        elif not directory.remove_rule_exemption(
            partner, tenant, name, tag_key=key, tag_value=value
        ):
            raise CommandError(f"no such exemption of {_whom(partner, tenant)}: {tag}")
    err.print(f"Resources tagged {escape(tag)} of {_whom(partner, tenant)} are {verb}.")
    err.print(_BUILD.format(partner=partner))


@app.command()
def exemptions(partner: PartnerOption) -> None:
    """List what rules leave alone.

    Example: [bold]cloudprune rules exemptions --partner northwind[/]
    """
    settings = Settings()
    with _rules_of(settings, partner, EVERY_TENANT, "show exemptions") as (_, directory):
        rows = directory.rule_exemptions(partner)
    if not rows:
        err.print(f"{partner} exempts nothing.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Tag", "Rule", "Tenant", "Reason", "By", "Since"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        tag = row.tag_key if row.tag_value == EVERY_RULE else f"{row.tag_key}={row.tag_value}"
        cells = (tag, row.rule_id, row.tenant_id or "all", row.reason, row.created_by)
        table.add_row(*map(escape, cells), row.created_at.date().isoformat())
    out.print(table)


def _thresholds(rule: Rule, changed: list[RuleThreshold]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Threshold", "Default", "Set to"):
        table.add_column(heading)
    for name, default in rule.thresholds.items():
        own = [
            f"{row.value:g} for {row.tenant_id or 'all tenants'}"
            for row in changed
            if row.threshold_name == name
        ]
        table.add_row(name, f"{default:g}", ", ".join(own) or "-")
    return table


def _rule(name: str) -> Rule:
    found = rules().get(name)
    if found is None:
        close = get_close_matches(name, rules(), n=1)
        hint = f"did you mean {close[0]}?" if close else "see: cloudprune rules list"
        raise CommandError(f"there is no rule {name} ({hint})")
    return found


def _check(rule: Rule, threshold: str, value: float) -> None:
    if threshold not in rule.thresholds:
        known = ", ".join(rule.thresholds)
        raise CommandError(f"{rule.rule_id} has no threshold {threshold}; it has: {known}")
    if not 0 <= value < float("inf"):
        raise CommandError(f"{threshold} cannot be {value:g}: take a number from 0 on")
    if threshold == "window_days" and value not in WINDOWS:
        raise CommandError(
            f"window_days cannot be {value:g}: utilization is kept ready over "
            f"{' and '.join(map(str, WINDOWS))} days"
        )
    if threshold.endswith("_ratio") and threshold.startswith("min_") and value > 1:
        raise CommandError(f"{threshold} cannot be {value:g}: it is a share, from 0 to 1")


def _tag(tag: str) -> tuple[str, str]:
    key, _, value = tag.partition("=")
    if not key.strip():
        raise CommandError(f"{json.dumps(tag)} names no tag: write KEY=VALUE, or KEY alone")
    return key.strip(), value or EVERY_RULE


@contextmanager
def _rules_of(
    settings: Settings, partner: str, tenant: str, what: str
) -> Iterator[tuple[Actor, Directory]]:
    """Act on the settings of a partner and a tenant, after a look whether they exist."""
    require_partner(settings, partner)
    with Directory(settings.control) as directory:
        known = [row.tenant_id for row in directory.tenants(partner)]
        if tenant not in (EVERY_TENANT, *known):
            raise CommandError(f"{partner} has no tenant {tenant}; it has: {', '.join(known)}")
        with as_operator(settings, partner, Action.SET_RULES, what, tenant_id=tenant) as actor:
            yield actor, directory


def _whom(partner: str, tenant: str) -> str:
    return f"tenant {tenant} of {partner}" if tenant else f"all tenants of {partner}"
