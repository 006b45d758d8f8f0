"""Partner: how much it looks after, who its members are and, for admins, what they may do."""

import streamlit as st

from apps.dashboard.components import members, partner_figures
from apps.dashboard.data.source import current_source
from apps.dashboard.directory import open_directory
from apps.dashboard.identity import current_person
from apps.dashboard.partner import show_wrong_partner
from apps.dashboard.restriction import stops
from apps.dashboard.sign_in.settings import SignInSettings
from control.roles import Action
from pipeline.settings import Settings

settings, person = Settings(), current_person()
directory = open_directory(settings.control)
st.title("Partner", anchor=False)
show_wrong_partner(person.partner_id)

if stops(settings, person, Action.SEE_COSTS):
    st.caption("There are no figures while processing is restricted.")
elif source := current_source(settings, person.partner_id, person.tenants):
    partner_figures.show(source, person)
else:
    st.caption("Nothing is published yet, so there are no figures.")

st.subheader("Members", anchor=False)
found = directory.members(person.partner_id)
may_manage = person.may(Action.MANAGE_MEMBERS)
chosen = members.show_members(found, person, can_choose=may_manage)
if not may_manage:
    st.stop()

tenants = [tenant.tenant_id for tenant in directory.tenants(person.partner_id)]
if chosen is not None:
    members.show_changes(directory, person, chosen, tenants)
st.subheader("Invitations", anchor=False)
members.show_invitations(directory, person)
members.show_invite(directory, person, tenants, SignInSettings())
