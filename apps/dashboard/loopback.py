"""The demo has no sign-in, so only this computer may reach it."""

import ipaddress


def is_loopback(address: str | None) -> bool:
    """Return whether a server bound to the address is out of reach for other computers."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
