"""Connecting Azure: what to run, and what it printed; with a secret, or trusting our identity."""

from datetime import UTC, date, datetime, timedelta

import streamlit as st

from apps.dashboard.components.address import replace_params
from apps.dashboard.components.connection_result import show_refusal
from apps.dashboard.components.connection_template import show_download
from apps.dashboard.data.connections import Connecting
from control.errors import ControlError
from onboarding.azure_role import SECRET_DAYS
from onboarding.catalogue import AZURE_TEMPLATES, azure_template
from pipeline.settings import Settings

_SECRET, _FEDERATED = "A client secret", "A federated credential"


def show_azure(connecting: Connecting, settings: Settings, tenant: str) -> None:
    """Show the steps for an application of the customer's directory."""
    federation = None
    if _choose_federated(settings):
        if not tenant:
            st.info(
                "Enter the name of the new tenant: what its application trusts has it in it.",
                icon=":material/edit:",
            )
            return
        try:
            federation = connecting.federation(tenant)
        except ControlError as error:
            show_refusal(str(error))
            return
    st.markdown("**1. Let an administrator run one of these**")
    ends = (
        "It trusts us by a name of this tenant's own, and has no secret that could leak or end."
        if federation
        else f"Its secret ends after {SECRET_DAYS} days; you are reminded before."
    )
    st.caption(
        "Each makes an application that lists resources, metrics and costs, and nothing else. "
        f"{ends}"
    )
    made = [azure_template(name, federation) for name in AZURE_TEMPLATES]
    with st.container(horizontal=True):
        for template in made:
            show_download(template)
    with st.expander("Read the script"):
        st.code(made[0].text, language=made[0].language, height=320)
    st.markdown("**2. Enter what it printed**")
    _show_form(connecting, tenant, is_federated=federation is not None)


def _choose_federated(settings: Settings) -> bool:
    """Show how the application may sign in, where this installation has tokens to trust."""
    if not settings.azure_issuer:
        return False
    way = st.segmented_control(
        "It signs in with", [_FEDERATED, _SECRET], default=_FEDERATED, required=True,
        key="connect-azure-way",
    )  # fmt: skip
    return way == _FEDERATED


def _show_form(connecting: Connecting, tenant: str, *, is_federated: bool) -> None:
    secret, expires_on = "", None
    with st.form(f"application-{is_federated}", border=False, clear_on_submit=False):
        left, right = st.columns(2)
        directory_id = left.text_input("Directory (tenant) id")
        client_id = right.text_input("Application (client) id")
        if not is_federated:
            secret = left.text_input(
                "Client secret", type="password", help="Sealed at once, and never shown again."
            )
            last = datetime.now(UTC).date() + timedelta(days=SECRET_DAYS)
            expires_on = right.date_input("Last day of the secret", value=last, format="YYYY-MM-DD")
        subscriptions = st.text_input(
            "Subscriptions",
            placeholder="all that it can see",
            help="Ids, with commas between them.",
        )
        is_sent = st.form_submit_button("Test and connect", type="primary")
    if not is_sent:
        return
    if not is_federated and not secret.strip():
        show_refusal("the client secret is empty; enter its value, not its id")
        return
    named = [each.strip() for each in subscriptions.split(",") if each.strip()]
    _send(connecting, tenant, directory_id, client_id, secret, named, expires_on)


def _send(
    connecting: Connecting,
    tenant: str,
    directory_id: str,
    client_id: str,
    secret: str,
    subscriptions: list[str],
    expires_on: date | None,
) -> None:
    try:
        request_id = connecting.connect_application(
            tenant,
            directory_id=directory_id,
            client_id=client_id,
            client_secret=secret,
            subscriptions=subscriptions,
            expires_on=expires_on,
        )
    except ControlError as error:
        show_refusal(str(error))
        return
    replace_params({"cloud": ["azure"], "request": [request_id]})
    st.rerun()
