"""Files that lie beside exports and are none, by their names."""

_NO_TABLES = (
    ".json",
    ".md",
    ".pdf",
    ".png",
    ".jpg",
    ".svg",
    ".html",
    ".yml",
    ".yaml",
    ".sql",
    ".py",
    ".sh",
    ".xml",
    ".xlsx",
    ".docx",
    ".crc",
    ".lock",
)
_PROSE = (".txt", ".log")
_OF_DOCUMENTS = (".xml", ".xlsx", ".docx", ".pdf", ".html")
_MARKERS = ("_success", "_started", "_committed")


def is_sidecar(path: str) -> bool:
    """Return whether a file of that name holds no table."""
    name = path.rsplit("/", 1)[-1].lower()
    return name.endswith(_NO_TABLES) or name.startswith(_MARKERS)


def may_be_misnamed(path: str) -> bool:
    """Return whether somebody may have given an export that name, so that leaving it is told."""
    return path.lower().endswith(_OF_DOCUMENTS)


def may_be_prose(path: str) -> bool:
    """Return whether a file of that name is text for people as often as it is a table."""
    return path.lower().endswith(_PROSE)
