"""Who looks at the dashboard, and what that person may do there."""

from dataclasses import dataclass

import streamlit as st

from control.permission import Actor
from control.roles import Action, Role
from control.roles import may as role_may
from control.sessions import Session

_PERSON = "person"


@dataclass(frozen=True)
class Person:
    """Whoever looks.

    Attributes:
        partner_id: Whose data is shown.
        actor: Address of the person, or `demo`; stands in the access log and beside decisions.
        member_id: The member; empty in the demo.
        role: What it may do.
        tenants: The tenants it may see; None is all of the partner.
        session: The sign-in that let it enter; None in the demo.
    """

    partner_id: str
    actor: str
    member_id: str
    role: Role
    tenants: frozenset[str] | None = None
    session: Session | None = None

    def may(self, action: Action) -> bool:
        """Whether the person may do something."""
        return role_may(self.role, action)

    @property
    def as_actor(self) -> Actor:
        """The person as whoever changes something."""
        return Actor(self.partner_id, self.actor, self.role, self.member_id, self.session)

    def sees(self, tenant_id: str) -> bool:
        """Whether the person may see a tenant of the partner."""
        return self.tenants is None or tenant_id in self.tenants


def demo_person(partner_id: str) -> Person:
    """Return whoever uses this computer: in the demo, an admin of every partner."""
    return Person(partner_id, "demo", "", Role.ADMIN)


def be(person: Person) -> None:
    """Let the person of this run be known to its pages."""
    st.session_state[_PERSON] = person


def current_person() -> Person:
    """Return who looks; a page only runs when somebody does."""
    person = st.session_state[_PERSON]
    if not isinstance(person, Person):
        raise TypeError("no person is known in this session")
    return person


def may(action: Action) -> bool:
    """Whether somebody looks who may do something."""
    person = st.session_state.get(_PERSON)
    return isinstance(person, Person) and person.may(action)
