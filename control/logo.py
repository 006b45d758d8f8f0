"""Takes a partner's logo in, as a picture that nothing can hide in."""

import base64
import io
import warnings

from PIL import Image, UnidentifiedImageError

from control.errors import InvalidInputError

LONGEST_FILE = 1_000_000
LONGEST_SIDE = 4_000
_KEPT_SIZE = (640, 240)
_FORMATS = ("PNG", "JPEG")


def clean_logo(content: bytes) -> str:
    """Return a picture as a small PNG in base64, drawn anew: only its pixels are kept.

    Args:
        content: A file as it was given; vector pictures may hold scripts and are not taken.

    Raises:
        InvalidInputError: It is too large, or neither PNG nor JPEG.
    """
    if len(content) > LONGEST_FILE:
        raise InvalidInputError(
            f"the logo has {len(content):,} bytes; take one of at most {LONGEST_FILE:,}"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
                if max(picture.size) > LONGEST_SIDE:
                    width, height = picture.size
                    raise InvalidInputError(
                        f"the logo is {width:,} by {height:,} pixels; take one of at most "
                        f"{LONGEST_SIDE:,} on a side"
                    )
                pixels = picture.convert("RGBA")
    except (
        Image.DecompressionBombError,
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Warning,
    ) as error:
        raise InvalidInputError(
            "the logo is no picture that can be read: take a PNG or JPEG file"
        ) from error
    pixels.thumbnail(_KEPT_SIZE)
    kept = io.BytesIO()
    pixels.save(kept, "PNG", optimize=True)
    return base64.b64encode(kept.getvalue()).decode()
