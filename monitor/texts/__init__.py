"""Everything that people read, looked up by code; a second language is a second catalogue."""
