"""A stranger's text inside our sentences."""

import re

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$<>&@^=\"'/])")
_WORD_JOINER = "\u2060"


def escaped(value: str) -> str:
    """Return text that Markdown shows as it is: no link, formula, icon, colour or heading.

    Every punctuation mark is escaped. An escaped colon would still start an icon or emoji, so an
    invisible character follows it; line breaks become spaces.
    """
    one_line = " ".join(value.split())
    return _PUNCTUATION.sub(r"\\\1", one_line).replace(":", f":{_WORD_JOINER}")
