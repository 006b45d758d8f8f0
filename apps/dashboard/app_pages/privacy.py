"""Privacy: one's own data, the partner's, requests with deadlines, and the notice."""

import streamlit as st

from apps.dashboard.components import freshness
from apps.dashboard.components import privacy_notice as said
from apps.dashboard.components.feedback import show_feedback
from apps.dashboard.components.privacy_own import show_own
from apps.dashboard.components.privacy_partner import show_partner
from apps.dashboard.components.privacy_requests import show_requests
from apps.dashboard.data.privacy import visible_requests
from apps.dashboard.identity import current_person
from control.roles import Action
from pipeline.privacy.notice import privacy_notice
from pipeline.settings import Settings

settings, notice = Settings(), privacy_notice()
st.title("Privacy", anchor=False)
person = current_person()
with st.container():  # always there: tabs that move in the page forget which one is open
    show_feedback()

is_admin = person.may(Action.MANAGE_PRIVACY)
names = ["Your data", *(["Your organization"] if is_admin else []), "Requests"]
names += ["Notice", "Sub-processors", "Retention", "Cookies"]
tabs = dict(zip(names, st.tabs(names), strict=True))
with tabs["Your data"]:
    show_own(settings, person)
if is_admin:
    with tabs["Your organization"]:
        show_partner(settings, person)
with tabs["Requests"]:
    show_requests(settings, person, visible_requests(settings, person), freshness.now())
with tabs["Notice"]:
    said.show_notice(notice)
with tabs["Sub-processors"]:
    said.show_sub_processors(notice)
with tabs["Retention"]:
    said.show_retention(notice)
with tabs["Cookies"]:
    said.show_cookies(settings, person, notice)
