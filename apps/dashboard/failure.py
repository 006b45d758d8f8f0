"""The one place where a failure of a page becomes a sentence."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from apps.dashboard.components.text import escaped
from control.errors import ControlError
from serving.errors import ServingError

logger = logging.getLogger(__name__)


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """Show what failed and what to do; details go to the log alone."""
    try:
        yield
    except (ControlError, ServingError) as error:
        logger.warning("page failed reason=%s", error)
        st.error(_sentence(error), icon=":material/error:")
    except Exception:
        reference = secrets.token_hex(4)
        logger.exception("page failed reference=%s", reference)
        st.error(
            "This page could not be shown. Your data is not changed by it. Reload the page; if it "
            f"fails again, run `cloudprune doctor` and look for {reference} in the log.",
            icon=":material/error:",
        )


def _sentence(error: ControlError | ServingError) -> str:
    text = escaped(str(error).strip().rstrip("."))
    return f"{text[:1].upper()}{text[1:]}."
