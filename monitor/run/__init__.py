"""One run of the monitor: the loop, its sinks, orders that come in, restarts and shutdown."""
