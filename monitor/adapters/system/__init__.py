"""The machine and its processes: clock, time zone, lock, load, memory, autostart.  Each module is one adapter."""
