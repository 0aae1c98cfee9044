"""Pages for a browser and for paper: one self-contained file each, without script, whose only style is allowed by its hash."""
