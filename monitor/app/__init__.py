"""Composition: joins adapters to ports for one person, and answers what commands, tray and pages ask."""
