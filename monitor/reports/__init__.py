"""Summaries as people and programs read them."""
