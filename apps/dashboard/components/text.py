"""A stranger's text inside our sentences."""

import re

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$<>&@^=\"'/])")
_LINKED = re.compile(r"(:|@|www(?=\\\.))", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def escaped(value: str) -> str:
    """Return text that Markdown shows as it is: no link, formula, icon, colour or heading.

    Every punctuation mark is escaped. An escaped colon would still start an icon or emoji, and an
    escaped address would still become a link, so an invisible character breaks them; line breaks
    become spaces.
    """
    one_line = " ".join(value.split())
    return _LINKED.sub(rf"\1{_WORD_JOINER}", _PUNCTUATION.sub(r"\\\1", one_line))
