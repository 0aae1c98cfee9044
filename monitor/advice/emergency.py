"""The emergency number to propose by location: for the person to confirm, never set without asking.

By time zone, because that tells where the computer is, unlike the system's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proposal:
    """The ambulance's number, and a crisis line where one is known ("" else)."""

    emergency: str
    crisis: str = ""


# The longest prefix of the zone's name wins.  Crisis lines: UK Samaritans, US and Canada 988, China 12356.  Others are not
# listed: there the person enters the number.
_BY_ZONE: Mapping[str, Proposal] = {
    "Europe/": Proposal("112"),
    "Europe/London": Proposal("999", "116 123"),
    "Europe/Belfast": Proposal("999", "116 123"),
    **dict.fromkeys(
        ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix", "America/Detroit",
         "America/Anchorage", "America/Indiana", "America/Boise", "Pacific/Honolulu", "America/Toronto", "America/Vancouver",
         "America/Edmonton", "America/Winnipeg", "America/Halifax", "America/Regina", "America/St_Johns", "US/", "Canada/"),
        Proposal("911", "988"),
    ),
    "Australia/": Proposal("000"),
    "Pacific/Auckland": Proposal("111"),
    "Asia/Shanghai": Proposal("120", "12356"),
    "Asia/Urumqi": Proposal("120", "12356"),
    "Asia/Tokyo": Proposal("119"),
    "Asia/Seoul": Proposal("119"),
    "Asia/Kolkata": Proposal("112"),
    "Asia/Calcutta": Proposal("112"),
}  # fmt: skip


def proposed(zone: str) -> Proposal | None:
    """The numbers to propose in the time zone ``zone`` (an IANA name); None where none is known."""
    fitting = [name for name in _BY_ZONE if zone.startswith(name)]
    return _BY_ZONE[max(fitting, key=len)] if fitting else None
