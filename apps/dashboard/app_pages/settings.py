"""Settings: what the partner means to spend, and how it appears to those whom it serves."""

import streamlit as st

from apps.dashboard.components import branding, budgets
from apps.dashboard.components.feedback import show_feedback
from apps.dashboard.data.budgets import load_budgets
from apps.dashboard.data.overview import load_currencies
from apps.dashboard.data.source import current_source
from apps.dashboard.directory import open_directory
from apps.dashboard.identity import current_person
from apps.dashboard.partner import show_wrong_partner
from pipeline.settings import Settings

settings, person = Settings(), current_person()
directory = open_directory(settings.control)
st.title("Settings", anchor=False)
show_wrong_partner(person.partner_id)
with st.container():  # always there, so that nothing below it moves to another place
    show_feedback()

st.subheader("Budgets", anchor=False)
source = current_source(settings, person.partner_id, person.tenants)
currencies = load_currencies(source, "") if source is not None else []
tenants = [tenant.tenant_id for tenant in directory.tenants(person.partner_id)]
budgets.show_budgets(
    directory,
    person,
    load_budgets(settings, person),
    tenants,
    currencies[0] if currencies else "USD",
)

st.subheader("Branding", anchor=False)
branding.show_branding(directory, person, directory.branding(person.partner_id))
