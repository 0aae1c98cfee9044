"""All text for people, looked up by code; a second language is a second catalogue."""
