"""The steps of connecting a cloud: choose it, run a template, enter what it made, see the test."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from apps.dashboard.components.address import choose, replace_params
from apps.dashboard.components.connection_result import show_refusal
from apps.dashboard.components.text import escaped
from apps.dashboard.data.connections import Connecting
from control.errors import ControlError
from control.onboarding import SetupKind
from control.records import ConnectionSetup
from onboarding.azure_role import SECRET_DAYS
from onboarding.catalogue import (
    AZURE_TEMPLATES,
    Template,
    aws_template,
    azure_template,
    quick_create_link,
)
from pipeline.settings import Settings

_CLOUDS = {
    "aws": "AWS account",
    "aws-organization": "AWS organization",
    "azure": "Azure",
}
_NEW = "A new tenant"


def show_wizard(connecting: Connecting, settings: Settings) -> None:
    """Show the step that the address names."""
    setup = connecting.setup(st.query_params.get("setup", ""))
    if setup:
        _show_aws(connecting, settings, setup)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cloud = choose("Cloud", _CLOUDS, param="cloud", style="buttons")
        tenant = _choose_tenant(connecting.tenants())
    if cloud == "azure":
        _show_azure(connecting, tenant)
        return
    _show_waiting(connecting.setups())
    if st.button("Begin", type="primary", icon=":material/play_arrow:"):
        is_organization = cloud == "aws-organization"
        kind = SetupKind.ORGANIZATION if is_organization else SetupKind.ACCOUNT
        try:
            setup_id = connecting.begin(tenant, kind)
        except ControlError as error:
            show_refusal(str(error))
            return
        replace_params({"setup": [setup_id]})
        st.rerun()


def _choose_tenant(tenants: list[str]) -> str:
    chosen = st.selectbox("Tenant", [*tenants, _NEW], key="connect-tenant", width=260)
    if chosen != _NEW:
        return str(chosen)
    return st.text_input(
        "Name of the new tenant", placeholder="acme-retail", key="connect-new-tenant", width=260
    ).strip()


def _show_waiting(setups: list[ConnectionSetup]) -> None:
    for setup in setups:
        with st.container(horizontal=True, vertical_alignment="center"):
            kind = "organization" if setup.kind == SetupKind.ORGANIZATION else "account"
            st.caption(
                f"An AWS {kind} of {escaped(setup.tenant_id)} waits for its role since "
                f"{setup.started_at:%Y-%m-%d %H:%M} UTC."
            )
            st.button(
                "Go on",
                key=f"go-on-{setup.setup_id}",
                on_click=replace_params,
                args=({"setup": [setup.setup_id]},),
            )


def _show_aws(connecting: Connecting, settings: Settings, setup: ConnectionSetup) -> None:
    is_organization = setup.kind == SetupKind.ORGANIZATION
    what = "organization" if is_organization else "account"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**1. Let an administrator of {escaped(setup.tenant_id)} run the template**",
            width="stretch",
        )
        st.button("Back", icon=":material/arrow_back:", on_click=replace_params, args=({},))
    if not settings.aws_principal:
        st.warning(
            "This installation does not say yet who it is in AWS. Whoever runs it sets "
            "CLOUDPRUNE_AWS_PRINCIPAL to the ARN of the role that scans run as.",
            icon=":material/settings:",
        )
        return
    st.caption(
        "It makes a role that reads metadata and nothing else, in the management account and every "
        "member account."
        if is_organization
        else "It makes a role that reads metadata and nothing "
        "else. Contents and secrets are denied, whatever else the role is granted."
    )
    _show_aws_templates(settings, setup, is_organization=is_organization)
    st.markdown("External ID of this connection; the template holds it already:")
    st.code(setup.external_id, language=None, width=420)
    st.markdown("**2. Enter the ARN of the role**")
    with st.form("role", border=False):
        where = "management account's role" if is_organization else "role"
        role_arn = st.text_input(
            f"ARN of the {where}",
            placeholder="arn:aws:iam::123456789012:role/CloudPruneReadOnly",
            width=520,
        )
        is_sent = st.form_submit_button(f"Test and connect the {what}", type="primary")
    if is_sent:
        _send_role(connecting, setup, role_arn)


def _send_role(connecting: Connecting, setup: ConnectionSetup, role_arn: str) -> None:
    if not role_arn.strip().startswith("arn:"):
        show_refusal(
            "that is no role ARN; it begins with arn:aws:iam:: (access keys are never taken)"
        )
        return
    try:
        request_id = connecting.connect_role(setup, role_arn)
    except ControlError as error:
        show_refusal(str(error))
        return
    replace_params({"setup": [setup.setup_id], "request": [request_id]})
    st.rerun()


def _show_aws_templates(
    settings: Settings, setup: ConnectionSetup, *, is_organization: bool
) -> None:
    names = ["aws-organization"] if is_organization else ["aws", "aws-terraform"]
    made = [aws_template(n, settings.aws_principal, setup.external_id) for n in names]
    export = aws_template("aws-export", settings.aws_principal, setup.external_id)
    with st.container(horizontal=True):
        if settings.aws_template_url:
            st.link_button(
                "Open in the AWS console",
                quick_create_link(
                    f"{settings.aws_template_url.rstrip('/')}/{made[0].file_name}",
                    "CloudPrune",
                    settings.aws_principal,
                    setup.external_id,
                ),
                icon=":material/open_in_new:",
                type="primary",
            )
        for template in (*made, export):
            _show_download(template)
    with st.expander("Read the template"):
        st.code(made[0].text, language=made[0].language, height=320)


def _show_azure(connecting: Connecting, tenant: str) -> None:
    st.markdown("**1. Let an administrator run one of these**")
    st.caption(
        "Each makes an application that lists resources, metrics and costs, and nothing else. "
        f"Its secret ends after {SECRET_DAYS} days; you are reminded before."
    )
    made = [azure_template(name) for name in AZURE_TEMPLATES]
    with st.container(horizontal=True):
        for template in made:
            _show_download(template)
    with st.expander("Read the script"):
        st.code(made[0].text, language=made[0].language, height=320)
    st.markdown("**2. Enter what it printed**")
    _show_application_form(connecting, tenant)


def _show_application_form(connecting: Connecting, tenant: str) -> None:
    last = datetime.now(UTC).date() + timedelta(days=SECRET_DAYS)
    with st.form("application", border=False, clear_on_submit=False):
        left, right = st.columns(2)
        directory_id = left.text_input("Directory (tenant) id")
        client_id = right.text_input("Application (client) id")
        secret = left.text_input(
            "Client secret", type="password", help="Sealed at once, and never shown again."
        )
        expires_on = right.date_input("Last day of the secret", value=last, format="YYYY-MM-DD")
        subscriptions = st.text_input(
            "Subscriptions",
            placeholder="all that it can see",
            help="Ids, with commas between them.",
        )
        is_sent = st.form_submit_button("Test and connect", type="primary")
    if not is_sent:
        return
    if not secret.strip():
        show_refusal("the client secret is empty; enter its value, not its id")
        return
    try:
        request_id = connecting.connect_application(
            tenant,
            directory_id=directory_id,
            client_id=client_id,
            client_secret=secret,
            subscriptions=[s.strip() for s in subscriptions.split(",") if s.strip()],
            expires_on=expires_on,
        )
    except ControlError as error:
        show_refusal(str(error))
        return
    replace_params({"cloud": ["azure"], "request": [request_id]})
    st.rerun()


def _show_download(template: Template) -> None:
    st.download_button(
        template.title,
        template.text,
        file_name=template.file_name,
        mime="text/plain",
        icon=":material/download:",
        key=f"template-{template.name}",
        on_click="ignore",
    )
