"""Ways to reach the person: desktop notifications, with and without buttons, the terminal, the tray.

Each module is one adapter.
"""
