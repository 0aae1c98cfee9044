"""Where steps go: the history, the person, a trace.  Sinks observe; whether to remind was decided before.

The history's sink comes before the notifying one: what is due is stored even if a desktop then hangs, and only what is stored can
be marked as shown.
"""

from monitor.run.sinks.breaks import BreakSink
from monitor.run.sinks.notify import MessageWriter, NotifySink, ReminderLog
from monitor.run.sinks.retention import DAY_S, ForgetSink
from monitor.run.sinks.store import HEARTBEAT_S, WAITING_MAX, OpenSession, StoreSink
from monitor.run.sinks.trace import Recorder, TraceSink

__all__ = [
    "DAY_S",
    "HEARTBEAT_S",
    "WAITING_MAX",
    "BreakSink",
    "ForgetSink",
    "MessageWriter",
    "NotifySink",
    "OpenSession",
    "Recorder",
    "ReminderLog",
    "StoreSink",
    "TraceSink",
]
