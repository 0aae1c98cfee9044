"""Queries a service on the D-Bus (Linux) with a time limit; a service that does not run is not started."""

import asyncio
import os
from collections.abc import Sequence
from typing import Any

from dbus_fast import BusType, Message, MessageFlag, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

from monitor.adapters.desktop_state.ask_program import LIMIT_S

SESSION, SYSTEM = BusType.SESSION, BusType.SYSTEM
_PROPERTIES = "org.freedesktop.DBus.Properties"


def property_of(bus: BusType, service: str, path: str, interface: str, name: str) -> Any:
    """A property of the object ``path``, None without an answer."""
    return call(bus, service, path, (_PROPERTIES, "Get"), (interface, name))


def call(bus: BusType, service: str, path: str, method: tuple[str, str], arguments: Sequence[str] = ()) -> Any:
    """The first value that ``method`` (interface, member) returns, None where there is no such bus, service, method or answer."""
    message = Message(
        destination=service,
        path=path,
        interface=method[0],
        member=method[1],
        signature="s" * len(arguments),
        body=list(arguments),
        flags=MessageFlag.NO_AUTOSTART,
    )
    try:
        return asyncio.run(_answer(bus, message))
    except (OSError, EOFError, DBusFastError):  # no bus (OSError: also a time-out), a closed connection, a refused one
        return None


async def _answer(kind: BusType, message: Message) -> Any:
    bus: Any = MessageBus(_session_address() if kind is SESSION else None, kind)
    async with asyncio.timeout(LIMIT_S):
        await bus.connect()
        try:
            reply = await bus.call(message)
        finally:
            bus.disconnect()
            await bus.wait_for_disconnect()
    if reply is None or reply.message_type is not MessageType.METHOD_RETURN or not reply.body:
        return None
    value = reply.body[0]
    return getattr(value, "value", value)  # a property comes as a variant


def _session_address() -> str:
    """The address from the environment, else the socket that a login creates."""
    runtime = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    return os.environ.get("DBUS_SESSION_BUS_ADDRESS") or f"unix:path={runtime}/bus"
