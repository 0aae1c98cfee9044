"""A camera's password from the system's own store of passwords, through keyring, where that is installed and answers."""

import threading

SERVICE = "posture-monitor"
# A store that is locked asks its person; a monitor without a window does not wait for that.
LIMIT_S = 5.0


def stored_password(user: str, host: str) -> str | None:
    """What ``keyring set posture-monitor USER@HOST`` stored, None if there is no such thing or nobody answers in time."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    found: list[str | None] = []

    def ask() -> None:
        try:
            found.append(keyring.get_password(SERVICE, f"{user}@{host}"))
        except (KeyringError, OSError, RuntimeError, ValueError):  # no store, a locked one, one of another kind than it says
            return

    thread = threading.Thread(target=ask, name="keyring", daemon=True)
    thread.start()
    thread.join(LIMIT_S)
    return found[0] if found else None
