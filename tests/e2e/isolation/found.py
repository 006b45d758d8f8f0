"""Looks for words in whatever a page, query, export, command, job or mail has produced."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Collection, Iterator, Mapping

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

_USTAR = slice(257, 262)


def leaks(content: object, needles: Collection[str]) -> list[str]:
    """Return the needles that something holds, in any case, however it is packed."""
    texts = [text.lower() for text in _texts(content)]
    texts += [text.replace(",", "") for text in texts]
    return [needle for needle in needles if any(needle.lower() in text for text in texts)]


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, bytes):
        yield from _unpacked(content)
    elif isinstance(content, pd.DataFrame | pd.Series):
        yield content.to_csv()
    elif isinstance(content, pa.Table):
        yield str(content.to_pylist())
    elif isinstance(content, Mapping):
        yield from _texts(list(content.items()))
    elif isinstance(content, list | tuple | set | frozenset):
        for each in content:
            yield from _texts(each)
    else:
        yield content if isinstance(content, str) else repr(content)


def _unpacked(content: bytes) -> Iterator[str]:
    yield content.decode("latin-1")
    yield content.decode("utf-16-le", errors="ignore")
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield from _unpacked(archive.read(name))
    elif content.startswith(b"\x1f\x8b"):
        yield from _unpacked(gzip.decompress(content))
    elif content.startswith(b"PAR1"):
        yield str(pq.read_table(io.BytesIO(content)).to_pylist())
    elif content[_USTAR] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            for member in archive:
                yield member.name
                inside = archive.extractfile(member)
                yield from _unpacked(inside.read() if inside else b"")
