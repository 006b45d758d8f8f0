"""What a customer runs, to be taken along."""

import streamlit as st

from onboarding.catalogue import Template


def show_download(template: Template) -> None:
    """Show the button that downloads a template."""
    st.download_button(
        template.title,
        template.text,
        file_name=template.file_name,
        mime="text/plain",
        icon=":material/download:",
        key=f"template-{template.name}",
        on_click="ignore",
    )
