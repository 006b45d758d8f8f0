"""Sealed streams: what comes out is what went in, or nothing."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.sealed import SealedReader, SealedWriter, SealError

KEY = bytes(range(32))
CHUNK = 1 << 20
HEADER = 40


def sealed(content: bytes, purpose: str = "backup") -> bytes:
    target = io.BytesIO()
    writer = SealedWriter(target, KEY, purpose)
    writer.write(content)
    writer.finish()
    return target.getvalue()


def opened(stream: bytes, key: bytes = KEY, purpose: str = "backup") -> bytes:
    return SealedReader(io.BytesIO(stream), key, purpose).readall()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_stream_of_any_length_comes_back(size: int) -> None:
    content = b"x" * size

    assert opened(sealed(content)) == content


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_how_it_was_written_does_not_matter(pieces: list[bytes]) -> None:
    target = io.BytesIO()
    writer = SealedWriter(target, KEY, "p")
    for piece in pieces:
        writer.write(piece)
    writer.finish()

    assert opened(target.getvalue(), purpose="p") == b"".join(pieces)


def test_the_same_content_is_never_the_same_stream() -> None:
    assert sealed(b"content") != sealed(b"content")


def test_nothing_of_the_content_shows() -> None:
    assert b"northwind" not in sealed(b"northwind" * 1000)


@pytest.mark.parametrize("at", [0, 9, HEADER, HEADER + 5, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    stream = bytearray(sealed(b"content"))
    stream[at] ^= 1

    with pytest.raises(SealError):
        opened(bytes(stream))


def test_a_stream_that_was_cut_off_at_a_chunk_does_not_open() -> None:
    stream = sealed(b"x" * (2 * CHUNK + 5))

    with pytest.raises(SealError, match="cut off"):
        opened(stream[: HEADER + CHUNK + 16])


def test_chunks_that_changed_places_do_not_open() -> None:
    stream = sealed(b"a" * CHUNK + b"b" * CHUNK + b"c")
    first, second = HEADER + CHUNK + 16, HEADER + 2 * (CHUNK + 16)

    with pytest.raises(SealError):
        opened(stream[:HEADER] + stream[first:second] + stream[HEADER:first] + stream[second:])


def test_another_key_or_another_purpose_does_not_open() -> None:
    with pytest.raises(SealError):
        opened(sealed(b"content"), key=bytes(32))
    with pytest.raises(SealError):
        opened(sealed(b"content"), purpose="archive")


def test_a_stream_that_was_not_finished_does_not_open() -> None:
    target = io.BytesIO()
    SealedWriter(target, KEY, "backup").write(b"half")

    with pytest.raises(SealError):
        opened(target.getvalue())
