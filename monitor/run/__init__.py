"""One run of the monitor: the loop, its sinks, incoming commands, restarts and shutdown."""
