"""The only answer of a scope."""

from ingestion.model import Answer


def only(answers: list[Answer]) -> Answer:
    (answer,) = answers
    return answer
