"""Queries another program with a time limit; no answer means unknown."""

import shutil
import subprocess

# Time limit (s): a desktop answers in milliseconds.
LIMIT_S = 2.0


def answer(*command: str) -> str | None:
    """The output of ``command``, None if it is not installed, fails, or takes too long."""
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
    """The truth value of an output such as ``true``, ``(true,)``, ``yes`` or ``1``; None for anything else."""
    words = set("".join(c if c.isalnum() else " " for c in (text or "").lower()).split())
    yes, no = bool(words & {"true", "yes", "1"}), bool(words & {"false", "no", "0"})
    return yes if yes is not no else None
