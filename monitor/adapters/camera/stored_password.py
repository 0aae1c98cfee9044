"""A camera's password from the system's own store of passwords, through keyring, where that is installed and answers."""

import threading

SERVICE = "posture-monitor"
# A locked store prompts the user; a monitor without a window does not wait for that.
LIMIT_S = 5.0


def stored_password(user: str, host: str) -> str | None:
    """The password stored by ``keyring set posture-monitor USER@HOST``, None if there is none or the store times out."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    found: list[str | None] = []

    def ask() -> None:
        try:
            found.append(keyring.get_password(SERVICE, f"{user}@{host}"))
        except (KeyringError, OSError, RuntimeError, ValueError):  # no store, a locked one, or an incompatible one
            return

    thread = threading.Thread(target=ask, name="keyring", daemon=True)
    thread.start()
    thread.join(LIMIT_S)
    return found[0] if found else None
