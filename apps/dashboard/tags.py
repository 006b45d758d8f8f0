"""Tags of a resource, in whatever form an export wrote them."""

import json
from typing import Any

AS_WRITTEN = "as written"


def tags_of(written: str | None) -> dict[str, Any]:
    """Return tags by key; what is no JSON object is shown whole, under a key of ours."""
    text = (written or "").strip()
    if not text:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # such as a comma after the last tag, which engines take
        return {AS_WRITTEN: text}
    if found is None:
        return {}
    return found if isinstance(found, dict) else {AS_WRITTEN: text}
