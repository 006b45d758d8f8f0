"""The process that serves the dashboard with sign-in: `python -m apps.dashboard.server`.

Secrets stay in memory: they come from the environment and are handed to the framework there.
"""

import argparse
import os
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware

from apps.dashboard.launch import COMMON_OPTIONS
from apps.dashboard.sign_in.settings import SignInSettings
from apps.dashboard.sign_in.turned_away import TurnedAway
from apps.dashboard.sign_in.way import SignInWay
from pipeline.settings import Settings

_APP = Path(__file__).with_name("app.py")


def main() -> None:
    """Serve until the process is told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", required=True, type=int)
    chosen = parser.parse_args()
    sign_in = SignInSettings()
    sign_in.check()
    # Signs the state of a sign-in that is under way, before the framework reads its secrets.
    os.environ["STREAMLIT_SERVER_COOKIE_SECRET"] = sign_in.cookie_secret.get_secret_value()
    app = st.App(
        _APP,
        secrets=sign_in.secrets(),
        middleware=[
            Middleware(
                SignInWay,
                is_https=sign_in.is_https,
                note_refusal=TurnedAway(Settings()).note,
            )
        ],
    )
    app.run(
        config=COMMON_OPTIONS
        | {
            "server.address": chosen.host,
            "server.port": chosen.port,
            "server.headless": True,
            "server.allowedHosts": [urlsplit(sign_in.redirect_uri).hostname or ""],
            "secrets.files": [],
        }
    )


if __name__ == "__main__":
    main()
