"""The advice: texts as data (TOML) and the pure code that selects them.

Only ``library`` reads files, those in this folder.
"""
