"""What a partner is served, in a form that two installations can be compared by."""

import hashlib

from pipeline.settings import Settings
from serving.session import open_session

_OF_THIS_RUN = frozenset({"loaded_at"})


def served(settings: Settings, partner_id: str) -> dict[str, tuple[int, str]]:
    """Return rows and a digest of every mart, but for the moments of loading."""
    found = {}
    with open_session(settings.serving, settings.keys, partner_id) as session:
        for mart, columns in session.tables.items():
            names = [column.name for column in columns if column.name not in _OF_THIS_RUN]
            rows = session.query(f"select {', '.join(names)} from {mart}").to_pylist()
            lines = sorted(repr(sorted(row.items())) for row in rows)
            found[mart] = (len(rows), hashlib.sha256("\n".join(lines).encode()).hexdigest())
    return found
