"""`cloudprune privacy breach`: who was affected, until when it is to be told, and a draft."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from apps.cli.acting import as_operator_of_all
from apps.cli.console import err, out
from apps.cli.privacy_options import instant
from control.roles import Action
from pipeline.privacy.breach import breach_draft, breach_report
from pipeline.settings import Settings


def breach(
    since: Annotated[str, typer.Option(help="First instant: 2026-05-20T14:30, UTC.")],
    until: Annotated[str, typer.Option(help="Last instant; now unless given.")] = "",
    aware: Annotated[str, typer.Option(help="When we became aware; now unless given.")] = "",
    actor: Annotated[str, typer.Option(help="Only what was done under this name.")] = "",
) -> None:
    """Say who was affected by a breach, from the access log, and draft the notification.

    The authority is told within 72 hours of becoming aware (GDPR, Article 33).

    Example: [bold]cloudprune privacy breach --since 2026-05-20T14:30 --actor ann@nw.example[/]
    """
    now = datetime.now(UTC)
    settings = Settings()
    with as_operator_of_all(settings, Action.SEE_ACCESS_LOG, "breach"):
        report = breach_report(
            settings,
            since=instant(since),
            until=instant(until) if until else now,
            aware_at=instant(aware) if aware else now,
            actor=actor,
        )
    out.print(breach_draft(report), markup=False)
    hours = (report.due_at - now).total_seconds() / 3600
    left = f"{hours:.0f} hours are left" if hours > 0 else f"that was {-hours:.0f} hours ago"
    style = "bold red" if hours < 24 else ""
    err.print(f"Due on {report.due_at:%Y-%m-%d %H:%M} UTC: {left}.", style=style)
