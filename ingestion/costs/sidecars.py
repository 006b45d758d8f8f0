"""Files that lie beside exports and are none, by their names."""

_NO_TABLES = (
    ".json",
    ".md",
    ".txt",
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
    ".log",
    ".crc",
    ".lock",
)
_OF_DOCUMENTS = (".txt", ".log", ".xml", ".xlsx", ".docx", ".pdf", ".html")
_MARKERS = ("_success", "_started", "_committed")


def is_sidecar(path: str) -> bool:
    """Return whether a file of that name holds no table."""
    name = path.rsplit("/", 1)[-1].lower()
    return name.endswith(_NO_TABLES) or name.startswith(_MARKERS)


def may_be_misnamed(path: str) -> bool:
    """Return whether somebody may have given an export that name, so that leaving it is told."""
    return path.lower().endswith(_OF_DOCUMENTS)
