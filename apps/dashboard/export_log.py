"""Files that leave: asked for permission when they are made, and logged.

A button stands on a page that may have been open for hours, and its file is made outside the
page's run; so whoever presses it is looked up again.
"""

from collections.abc import Callable
from functools import partial

from apps.dashboard.directory import open_directory
from apps.dashboard.identity import Person
from apps.dashboard.sign_in.admission import person_of
from control.directory import Directory
from control.errors import NotPermittedError
from control.permission import log, require
from control.roles import Action
from pipeline.settings import Settings


def exported(person: Person, name: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what makes a file for a person, if it may have it by then.

    Args:
        person: Who sees the button.
        name: Name of the file.
        make: Makes its content.
    """
    return partial(_make, person, name, make)


def _make(person: Person, name: str, make: Callable[[], bytes]) -> bytes:
    """Return the content of a file, logged.

    Raises:
        NotPermittedError: The person may not export, its session is over, or it is not who it was
            when the page was drawn.
    """
    directory = open_directory(Settings().control)
    actor = person.as_actor
    require(directory, actor, Action.EXPORT, name)
    if not _is_unchanged(directory, person):
        changed = "member was changed meanwhile"
        log(directory, actor, Action.EXPORT, name, is_refused=True, detail=changed)
        raise NotPermittedError("your membership was changed; reload the page")
    content = make()
    log(directory, actor, Action.EXPORT, name, detail=f"{len(content):,} bytes")
    return content


def _is_unchanged(directory: Directory, person: Person) -> bool:
    """Return whether a member may still do and see what it could; the demo has no members."""
    if not person.member_id:
        return True
    for member in directory.members(person.partner_id):
        if member.member_id == person.member_id:
            return member.status == "active" and person_of(member, person.session) == person
    return False
