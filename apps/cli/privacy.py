"""`cloudprune privacy`: what the people whose data it is may ask for."""

import typer

from apps.cli import privacy_breach, privacy_data, privacy_erase, privacy_requests

app = typer.Typer(
    no_args_is_help=True,
    help="Requests with deadlines; export, correct, restrict and erase data; breaches.",
)

app.command(no_args_is_help=True)(privacy_requests.request)
app.command("list", no_args_is_help=True)(privacy_requests.list_requests)
app.command(no_args_is_help=True)(privacy_requests.extend)
app.command(no_args_is_help=True)(privacy_requests.close)
app.command(no_args_is_help=True)(privacy_data.export)
app.command(no_args_is_help=True)(privacy_data.rectify)
app.command(no_args_is_help=True)(privacy_data.restrict)
app.command(no_args_is_help=True)(privacy_data.lift)
app.command(no_args_is_help=True)(privacy_erase.erase)
app.command()(privacy_erase.work)
app.command()(privacy_erase.retention)
app.command(no_args_is_help=True)(privacy_breach.breach)
