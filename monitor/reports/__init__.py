"""Reports for people and programs: text, JSON, CSV, charts and pages."""
