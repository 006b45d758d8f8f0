"""Who acts, and the one way to ask whether that may be done; what is refused is logged."""

from dataclasses import dataclass

from control.directory import Directory
from control.errors import NotPermittedError
from control.roles import Action, Role, may


@dataclass(frozen=True)
class Actor:
    """Whoever does something: a member, the operator, a job.

    Attributes:
        partner_id: Of whose data.
        name: An address, `operator`, or the name of a job; stands in the access log.
        role: What it may do.
        member_id: The member; empty for others.
    """

    partner_id: str
    name: str
    role: Role
    member_id: str = ""

    def may(self, action: Action) -> bool:
        """Whether it may do something."""
        return may(self.role, action)


def operator(partner_id: str) -> Actor:
    """Return the operator, who runs the platform, as it acts on a partner."""
    return Actor(partner_id, "operator", Role.OPERATOR)


def require(directory: Directory, actor: Actor, action: Action, target: str = "") -> None:
    """Check that an actor may do something.

    Raises:
        NotPermittedError: Its role does not permit it; that is in the access log.
    """
    if actor.may(action):
        return
    log(directory, actor, action, target, is_refused=True, detail=f"role {actor.role}")
    raise NotPermittedError(
        f"the role {actor.role} may not {action}; an admin of {actor.partner_id} can give another"
    )


def log(
    directory: Directory,
    actor: Actor,
    action: str,
    target: str = "",
    *,
    tenant_id: str = "",
    is_refused: bool = False,
    detail: str = "",
) -> None:
    """Append what an actor did, saw or was refused to the access log."""
    directory.log_access(
        actor.partner_id,
        actor.name,
        str(action),
        member_id=actor.member_id,
        is_refused=is_refused,
        tenant_id=tenant_id,
        target=target,
        detail=detail,
    )
