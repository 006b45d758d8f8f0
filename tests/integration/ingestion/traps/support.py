"""What lines of several traps have in common."""

from tests.integration.ingestion import made

RESERVATION = "arn:aws:ec2:us-east-1:000011112222:reserved-instances/0aa"
CUR = {**made.CUR, **made.RESERVATION}


def line(kind: str, **cells: str) -> dict[str, str]:
    """Return a report line of a kind, with other cells by the last part of their name."""
    full = {name.rsplit("/", 1)[-1]: name for name in CUR}
    return {"lineItem/LineItemType": kind, **{full[name]: value for name, value in cells.items()}}
