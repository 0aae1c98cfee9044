"""What people are told: texts as data (TOML) and the pure code that picks them.

Only ``library`` reads files, the ones beside it.
"""
