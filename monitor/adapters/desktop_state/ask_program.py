"""Asks another program, and takes silence for an answer."""

import shutil
import subprocess

# A desktop answers in milliseconds; one that hangs is not waited for.
LIMIT_S = 2.0


def answer(*command: str) -> str | None:
    """What ``command`` prints, None if it is not installed, fails, or takes too long."""
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 (fixed programs and words, no shell)
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT_S,
            check=True,
            encoding="utf-8",
            errors="replace",
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def truth(text: str | None) -> bool | None:
    """What ``true``, ``(true,)``, ``yes`` or ``1`` say; None for anything but a plain yes or no."""
    words = set("".join(c if c.isalnum() else " " for c in (text or "").lower()).split())
    yes, no = bool(words & {"true", "yes", "1"}), bool(words & {"false", "no", "0"})
    return yes if yes is not no else None
