"""Who looks: whoever uses this computer, in the demo, or whoever signed in."""

import os
from html import escape as html_escape

import streamlit as st

from apps.dashboard import demo
from apps.dashboard import format as fmt
from apps.dashboard.components.text import escaped
from apps.dashboard.directory import open_directory
from apps.dashboard.identity import Person
from apps.dashboard.launch import DEMO
from apps.dashboard.loopback import is_loopback
from apps.dashboard.sign_in.errors import SignInSettingsError
from apps.dashboard.sign_in.gate import enter, leave
from apps.dashboard.sign_in.settings import SignInSettings
from control.membership import sign_out_member
from pipeline.settings import Settings

PARTNER_PARAM = "partner"


def find_person(settings: Settings) -> Person:
    """Return who looks; where nobody may, say why and stop the page."""
    sign_in = SignInSettings()
    if sign_in.is_configured:
        try:
            person = enter(settings, sign_in)
        except SignInSettingsError as error:
            _turn_away(f"Nobody can sign in: {escaped(str(error))}.")
        _keep_to(person.partner_id)
        return person
    if not os.environ.get(DEMO):
        _turn_away(
            "No identity provider is configured, so nobody can sign in. Set the variables "
            "`CLOUDPRUNE_OIDC_*` and start `cloudprune dashboard`, or look at the demo: "
            "`cloudprune demo`."
        )
    if not is_loopback(st.get_option("server.address")):
        _turn_away(
            "The demo has no sign-in and shows nothing to other computers. Start it with "
            "`cloudprune demo`, which binds it to 127.0.0.1."
        )
    return demo.choose_partner(settings)


def show_account(settings: Settings, person: Person) -> None:
    """Show who looks and, where there is a sign-in, the ways out; in the demo, the switcher."""
    if not SignInSettings().is_configured:
        demo.show_switcher(settings)
        return
    with st.popover(f"{escaped(person.actor)}", icon=":material/account_circle:", width="stretch"):
        picture = str(st.user.to_dict().get("picture") or "")
        if picture.startswith("https://"):
            st.html(
                f'<img src="{html_escape(picture)}" alt="" width="40" height="40" '
                'referrerpolicy="no-referrer" style="border-radius: 50%">'
            )
        name = str(st.user.to_dict().get("name") or "")
        if name:
            st.text(name)
        st.button(
            "Sign out",
            icon=":material/logout:",
            width="stretch",
            on_click=leave,
            args=(settings, SignInSettings(), person),
        )
        st.button(
            "Sign out everywhere",
            icon=":material/devices:",
            width="stretch",
            help="Ends every session of yours, on every device.",
            on_click=_leave_everywhere,
            args=(settings, person),
        )
    _show_role(person)


def _show_role(person: Person) -> None:
    seen = "" if person.tenants is None else f", {fmt.counted(len(person.tenants), 'tenant')}"
    st.caption(f"{person.role.value.capitalize()} of {escaped(person.partner_id)}{seen}")


def _leave_everywhere(settings: Settings, person: Person) -> None:
    sign_out_member(open_directory(settings.control), person.as_actor, person.member_id)
    leave(settings, SignInSettings(), person)


def _keep_to(partner_id: str) -> None:
    """Let the address name the partner that is shown, and say so if it named another one."""
    asked = st.query_params.get(PARTNER_PARAM)
    if asked and asked != partner_id:
        st.session_state["unknown_partner"] = asked
    if asked != partner_id:
        st.query_params[PARTNER_PARAM] = partner_id


def _turn_away(sentence: str) -> None:
    st.error(sentence, icon=":material/lock:")
    st.stop()
