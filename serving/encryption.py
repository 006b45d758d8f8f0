"""DuckDB's encrypted files: the OpenSSL module that writing needs, and how they are attached."""

from importlib.resources import files
from pathlib import Path

import duckdb

CIPHER = "GCM"
_EXTENSION = files("duckdb_extension_httpfs").joinpath(
    "extensions", f"v{duckdb.__version__}", "httpfs.duckdb_extension"
)


def load_encryption(connection: duckdb.DuckDBPyConnection) -> None:
    """Load OpenSSL's ciphers, which lie in the extension httpfs, from its wheel.

    DuckDB's built-in ones only read, at a third of the speed.
    """
    connection.execute(f"load {quoted(str(_EXTENSION))}")


def attach_encrypted(
    connection: duckdb.DuckDBPyConnection, path: Path, *, alias: str, key: str, read_only: bool
) -> None:
    """Attach an AES-256 encrypted file, making it if it may be written and is absent.

    Raises:
        duckdb.Error: The file is in use by a writer, damaged, or encrypted with another key.
    """
    options = [f"encryption_key {quoted(key)}"]
    options.append("read_only" if read_only else f"encryption_cipher '{CIPHER}'")
    connection.execute(f"attach {quoted(str(path))} as {identifier(alias)} ({', '.join(options)})")


def quoted(text: str) -> str:
    """Return the text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return the name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
