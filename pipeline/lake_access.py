"""Lets a DuckDB connection read the lake: extensions from wheels, credentials from the environment.

Nothing is downloaded: DuckDB loads the extension files that the wheels hold, by path. httpfs is
loaded for every connection, for it also brings the fast, writing implementation of encryption.
"""

import glob
import importlib.util
import os
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

_AZURE = {"az", "azure", "abfs", "abfss"}


def prepare(connection: duckdb.DuckDBPyConnection, lake: str) -> None:
    """Load what the connection needs to read the lake and encrypted files, secrets included.

    Args:
        connection: The connection; its whole DuckDB instance is prepared.
        lake: Root of the lake: a folder, `s3://bucket/prefix` or `az://container/prefix`.
    """
    connection.execute(f"load {quoted(str(extension_path('httpfs')))}")
    scheme = urlsplit(lake).scheme
    if scheme.startswith("s3"):
        connection.execute(_s3_secret())
    if scheme in _AZURE:
        connection.execute(f"load {quoted(str(extension_path('azure')))}")
        connection.execute(_azure_secret())


def lake_pattern(lake: str) -> str:
    """Return the root as it stands in a DuckDB file pattern: a local folder's own `[*?` escaped."""
    return lake if "://" in lake else glob.escape(lake)


def extension_path(name: str) -> Path:
    """Return the file of a DuckDB extension that is installed as a wheel.

    Raises:
        ModuleNotFoundError: The wheel is not installed.
    """
    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"the package duckdb-extension-{name} is not installed")
    folder = Path(spec.origin).parent / "extensions" / f"v{duckdb.__version__}"
    return folder / f"{name}.duckdb_extension"


def quoted(text: str) -> str:
    """Return the text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _s3_secret() -> str:
    endpoint = urlsplit(_first("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"))
    options = {
        "key_id": _first("AWS_ACCESS_KEY_ID"),
        "secret": _first("AWS_SECRET_ACCESS_KEY"),
        "session_token": _first("AWS_SESSION_TOKEN"),
        "region": _first("AWS_REGION", "AWS_DEFAULT_REGION"),
        "endpoint": endpoint.netloc + endpoint.path.rstrip("/"),
        "url_style": "path" if endpoint.netloc else "",
        "use_ssl": "false" if endpoint.scheme == "http" else "",
    }
    return _secret("lake_s3", "s3", options)


def _azure_secret() -> str:
    connection_string = _first("AZURE_STORAGE_CONNECTION_STRING")
    if not connection_string:
        endpoint = _first("AZURE_STORAGE_ENDPOINT")
        parts = {
            "DefaultEndpointsProtocol": urlsplit(endpoint).scheme or "https",
            "AccountName": _first("AZURE_STORAGE_ACCOUNT_NAME"),
            "AccountKey": _first("AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_ACCESS_KEY"),
            "BlobEndpoint": endpoint,
        }
        connection_string = ";".join(f"{name}={value}" for name, value in parts.items() if value)
    return _secret("lake_azure", "azure", {"connection_string": connection_string})


def _secret(name: str, kind: str, options: dict[str, str]) -> str:
    given = [f"{key} {quoted(value)}" for key, value in options.items() if value]
    return f"create or replace secret {name} ({', '.join([f'type {kind}', *given])})"


def _first(*names: str) -> str:
    return next((os.environ[name] for name in names if os.environ.get(name)), "")
