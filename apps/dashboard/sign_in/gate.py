"""The gate in front of every page: who looks is found out, and found fit, on each run."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from apps.dashboard.directory import open_directory
from apps.dashboard.identity import Person
from apps.dashboard.sign_in.admission import Admission, admit, partner_of, person_of
from apps.dashboard.sign_in.claims import (
    Identity,
    actor_of,
    check_token,
    organization_of,
    read_identity,
    session_id_of,
)
from apps.dashboard.sign_in.errors import RefusedError
from apps.dashboard.sign_in.page import show_refusal, show_sign_in
from apps.dashboard.sign_in.settings import SignInSettings
from apps.dashboard.sign_in.way import INVITATION_COOKIE
from control.directory import Directory
from control.errors import ErasureUnderWayError
from pipeline.settings import Settings

logger = logging.getLogger(__name__)

_NOTED = "noted_sign_in"
_SIGN_IN = "sign in"


def enter(settings: Settings, sign_in: SignInSettings) -> Person:
    """Return who looks; show the sign-in or the refusal, and stop the page, if nobody may.

    Raises:
        SignInSettingsError: The identity provider is configured in part.
    """
    sign_in.check()
    if not st.user.get("is_logged_in"):
        show_sign_in()
        st.stop()
    claims: Mapping[str, Any] = st.user.to_dict()
    directory = open_directory(settings.control)
    try:
        identity, admission = _admitted(directory, claims, sign_in)
        _note_entry(directory, identity, admission)
    except RefusedError as refused:
        organization_id = organization_of(claims, sign_in) if refused.is_ours else ""
        _note_refusal(directory, claims, refused, organization_id)
        show_refusal(refused, str(claims.get("email") or ""))
        st.stop()
    return person_of(admission.member, identity.session)


def leave(settings: Settings, sign_in: SignInSettings, person: Person) -> None:
    """End this sign-in, here and at the identity provider."""
    claims: Mapping[str, Any] = st.user.to_dict()
    try:
        identity = read_identity(claims, sign_in)
    except RefusedError:
        logger.info("a sign-in that does not hold was left")
    else:
        directory = open_directory(settings.control)
        if directory.leave_session(person.partner_id, identity.session.session_id):
            directory.log_access(
                person.partner_id, person.actor, "sign out", member_id=person.member_id
            )
    st.logout()


def _admitted(
    directory: Directory, claims: Mapping[str, Any], sign_in: SignInSettings
) -> tuple[Identity, Admission]:
    check_token(claims, sign_in, datetime.now(UTC))
    identity = read_identity(claims, sign_in)
    partner_id = partner_of(directory, identity.organization_id)
    invitation = st.context.cookies.get(INVITATION_COOKIE, "")
    return identity, admit(directory, partner_id, identity, invitation)


def _note_refusal(
    directory: Directory, claims: Mapping[str, Any], refused: RefusedError, organization_id: str
) -> None:
    """Log a refusal once, not with every run of the page that tells it.

    It stands in the log of the partner that was meant, if one is known.
    """
    noted = (session_id_of(claims), refused.reason)
    if st.session_state.get(_NOTED) == noted:
        return
    st.session_state[_NOTED] = noted
    meant = refused.partner_id or directory.partner_of_organization(organization_id) or ""
    directory.log_access(meant, actor_of(claims), _SIGN_IN, is_refused=True, detail=refused.reason)


def _note_entry(directory: Directory, identity: Identity, admission: Admission) -> None:
    """Log a sign-in once, whatever pages and tabs it opens.

    Raises:
        RefusedError: The partner is being erased.
    """
    member, noted = admission.member, (identity.session.session_id, "")
    if st.session_state.get(_NOTED) == noted:
        return
    try:
        is_new = directory.begin_session(member.partner_id, member.member_id, identity.session)
    except ErasureUnderWayError as error:
        raise RefusedError(
            "being erased",
            "All data of your organization is being erased; nobody signs in any more.",
            partner_id=member.partner_id,
            can_retry=False,
        ) from error
    if is_new:
        directory.record_sign_in(
            member.partner_id, member.member_id, name=identity.name, picture=identity.picture
        )
        detail = "by invitation" if admission.has_joined else ""
        directory.log_access(
            member.partner_id, member.email, _SIGN_IN, member_id=member.member_id, detail=detail
        )
    st.session_state[_NOTED] = noted
