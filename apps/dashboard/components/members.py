"""Members and invitations of a partner, and the forms with which an admin changes them."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components import freshness
from apps.dashboard.components.feedback import attempt, show_feedback
from apps.dashboard.components.table import Column, selected_row, show_table
from apps.dashboard.components.text import escaped
from apps.dashboard.identity import Person
from apps.dashboard.invitations import Invited, invitation_link, tell_invited
from apps.dashboard.sign_in.settings import SignInSettings
from control import membership
from control.directory import Directory
from control.people import EVERY_TENANT
from control.records import Member
from control.roles import Role
from delivery.mail import configured_sender

ROLES = [Role.VIEWER.value, Role.ANALYST.value, Role.ADMIN.value]
SEEN_BY = {
    "viewer": "sees costs, findings and data health, and exports them",
    "analyst": "also decides on findings and asks for scans",
    "admin": "also connects clouds, manages members and sees the access log",
}
_INVITED = "members_invited"
_EMAIL = "invite-email"


def show_members(found: Sequence[Member], person: Person, *, can_choose: bool) -> Member | None:
    """Show who belongs to the partner; return the member that was chosen, if one was."""
    if not found:
        st.info("There are no members yet.", icon=":material/group_off:")
        return None
    present, key = freshness.now(), f"members-{hash(found)}"
    show_table(
        pd.DataFrame(
            {
                "name": [member.name or "-" for member in found],
                "email": [member.email for member in found],
                "role": [member.role for member in found],
                "tenants": [_tenants(member, person) for member in found],
                "last": [
                    fmt.age(member.last_sign_in_at, present) if member.last_sign_in_at else "never"
                    for member in found
                ],
                "status": [member.status for member in found],
            }
        ),
        {
            "name": Column("Name", width=160),
            "email": Column("Address", width=250),
            "role": Column("Role", width=90),
            "tenants": Column("Tenants", width=210),
            "last": Column("Last sign-in", width=115),
            "status": Column("Status", width=90),
        },
        key=key,
        on_select=_forget if can_choose else None,
    )
    show_feedback()
    place = selected_row(key) if can_choose else None
    if place is None:
        if can_choose:
            st.caption("Select a member to change what it may do and see, or to remove it.")
        return None
    return found[place] if place < len(found) else None


def show_changes(
    directory: Directory, person: Person, member: Member, tenants: Sequence[str]
) -> None:
    """Show the forms that change a member."""
    held = tuple(json.loads(member.tenants))
    key = member.member_id
    with st.container(border=True, key="member-changes"):
        st.markdown(f"**{escaped(member.name or member.email)}**")
        role = st.segmented_control(
            "Role", ROLES, default=member.role, required=True, key=f"role-{key}"
        )
        st.caption(f"{str(role).capitalize()}: {SEEN_BY[str(role)]}.")
        seen = _choose_tenants(str(role), tenants, held, f"tenants-{key}")
        with st.container(horizontal=True):
            st.button(
                "Save",
                type="primary",
                on_click=_do,
                args=(
                    f"{member.email} is {role} now.",
                    lambda: membership.change_member(
                        directory, person.as_actor, key, Role(str(role)), seen
                    ),
                ),
            )
            st.button(
                "Sign out everywhere",
                icon=":material/devices:",
                on_click=_do,
                args=(
                    f"Every session of {member.email} is over.",
                    lambda: membership.sign_out_member(directory, person.as_actor, key),
                ),
            )
            with st.popover("Remove", icon=":material/person_remove:"):
                st.markdown(
                    f"{escaped(member.email)} loses access at once. What it decided stays, "
                    "connections too: they belong to the partner."
                )
                st.button(
                    "Remove this member",
                    type="primary",
                    on_click=_do,
                    args=(
                        f"{member.email} is no member any more.",
                        lambda: membership.remove_member(directory, person.as_actor, key),
                    ),
                )


def show_invitations(directory: Directory, person: Person) -> None:
    """Show the invitations that can still be accepted; each can be revoked."""
    now = datetime.now(UTC)
    opened = [
        each
        for each in directory.invitations(person.partner_id)
        if not each.accepted_at and not each.revoked_at and each.expires_at > now
    ]
    if not opened:
        st.caption("No invitation is open.")
    for each in opened:
        with st.container(horizontal=True, vertical_alignment="center"):
            seen = escaped(membership.tenants_of(each.tenants))
            st.markdown(
                f"{escaped(each.email)}, {each.role}, tenants: {seen}. Until "
                f"{fmt.day(each.expires_at.date())}, by {escaped(each.invited_by)}.",
                width="stretch",
            )
            st.button(
                "Revoke",
                key=f"revoke-{each.invitation_id}",
                on_click=_do,
                args=(
                    f"The invitation of {each.email} leads nowhere now.",
                    lambda chosen=each.invitation_id: membership.revoke_invitation(
                        directory, person.as_actor, chosen
                    ),
                ),
            )


def show_invite(
    directory: Directory, person: Person, tenants: Sequence[str], sign_in: SignInSettings
) -> None:
    """Show the form that invites somebody, and the link of the last invitation."""
    if not sign_in.is_configured:
        st.caption("The demo has no sign-in, so there is nobody to invite.")
        return
    with st.container(border=True, key="invite"):
        st.text_input("Address", key=_EMAIL, placeholder="name@example.com")
        role = st.segmented_control(
            "Role", ROLES, default=ROLES[0], required=True, key="invite-role"
        )
        st.caption(f"{str(role).capitalize()}: {SEEN_BY[str(role)]}.")
        seen = _choose_tenants(str(role), tenants, EVERY_TENANT, "invite-tenants")
        st.button(
            "Invite",
            type="primary",
            on_click=_do,
            args=(
                "The invitation is open.",
                lambda: _invite(directory, person, sign_in, Role(str(role)), seen),
            ),
        )
    invited = st.session_state.get(_INVITED)
    if isinstance(invited, Invited):
        way = "It was sent by mail" if invited.is_sent else "Pass it on"
        st.caption(f"Link for {escaped(invited.email)}, for seven days and once. {way}.")
        st.code(invited.link, language=None, wrap_lines=True)


def _invite(
    directory: Directory,
    person: Person,
    sign_in: SignInSettings,
    role: Role,
    tenants: Sequence[str] | None,
) -> None:
    email = str(st.session_state.get(_EMAIL, ""))
    token = membership.invite(directory, person.as_actor, email, role, tenants)
    link = invitation_link(sign_in.base_url, token)
    st.session_state[_INVITED] = Invited(email, link, is_sent=False)
    st.session_state[_INVITED] = tell_invited(
        configured_sender(),
        email,
        link,
        partner_name=directory.display_name(person.partner_id),
        invited_by=person.actor,
        contact=directory.contact(person.partner_id),
    )


def _choose_tenants(
    role: str, tenants: Sequence[str], held: Sequence[str], key: str
) -> list[str] | None:
    """Show the choice of tenants; return them, or None for all."""
    if role == Role.ADMIN.value:
        st.caption("An admin sees every tenant.")
        return None
    is_limited = st.toggle("Some tenants alone", value=held != EVERY_TENANT, key=f"limit-{key}")
    if not is_limited:
        return None
    known = [tenant for tenant in held if tenant in tenants]
    return st.multiselect("Tenants", tenants, default=known, key=key)


def _tenants(member: Member, person: Person) -> str:
    """Return which tenants a member sees, without names that who looks may not know."""
    held = tuple(json.loads(member.tenants))
    if held == EVERY_TENANT:
        return "all"
    known = [tenant for tenant in held if person.sees(tenant)]
    others = len(held) - len(known)
    return ", ".join([*known, *([f"{others} other"] if others else [])]) or "none"


def _do(told: str, change: Callable[[], object]) -> None:
    """Change something; tell what became of it above the forms."""
    st.session_state.pop(_INVITED, None)
    attempt(told, change)


def _forget() -> None:
    st.session_state.pop(_INVITED, None)
