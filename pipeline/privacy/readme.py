"""The readme of an archive."""

from collections.abc import Mapping
from datetime import datetime

from control.privacy_records import Subject

_TEXT = """\
{title}
Made on {day} UTC by CloudPrune.

Each table is here three times, with the same rows:

  json/     a list of objects per table; exact figures and instants are text
  csv/      one line per row; text that a spreadsheet would run as a formula begins with '
  parquet/  with the types of the columns

Folders:

  records/  what the platform's own database says: people, connections, decisions, access log
  marts/    the costs, findings and savings that the dashboard shows
  lake/     what was landed from bills and scans: tenant, table, connection, month or day

Secrets of connections and digests of invitations are not included: they open things, and say
nothing about anybody.

You may ask for correction, restriction or erasure, object, and complain to a supervisory authority
(GDPR, Articles 15 to 21 and 77).

Rows by table:

{tables}
"""


def readme(subject: Subject, tables: Mapping[str, int], made_at: datetime) -> str:
    """Return what is in an archive, and how to read it."""
    listed = "\n".join(f"  {count:>12,}  {name}" for name, count in sorted(tables.items()))
    whose = f"{subject.kind.value} {subject.subject_id or subject.partner_id}"
    return _TEXT.format(
        title=f"Data of {whose}", day=f"{made_at:%Y-%m-%d %H:%M}", tables=listed or "  none"
    )
