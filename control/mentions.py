"""Finds names in texts as whole words, and puts something else in their place."""

import re
from collections.abc import Iterable

ERASED = "erased member"
_WORD = "A-Za-z0-9_+-"


class Mentions:
    """Some names, found as whole words in any case: `ann@x.org` is not in `joann@x.org`.

    Args:
        names: What is looked for; empty ones are left out.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted({name for name in names if name}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_bounded, self.names)), re.IGNORECASE)

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.names)

    def within(self, *texts: str | None) -> bool:
        """Whether one of the texts has one of the names."""
        return bool(self) and any(self._pattern.search(text) for text in texts if text)

    def replaced(self, text: str, by: str = ERASED) -> str:
        """Return the text with something else for each name."""
        return self._pattern.sub(lambda _: by, text) if self else text


def _bounded(name: str) -> str:
    """Return a pattern of a name between boundaries; a dot goes on an address, not other names."""
    before, after = f"(?<![{_WORD}])", f"(?![{_WORD}])"
    if "@" in name:
        before, after = rf"{before}(?<![{_WORD}]\.)", rf"(?![{_WORD}]|\.[{_WORD}])"
    return f"{before}{re.escape(name)}{after}"
