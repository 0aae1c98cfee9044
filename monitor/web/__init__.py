"""The dashboard: pages, live fragments and a local API on this computer alone.

What a page shows is asked from ``monitor.app``; each page is one typed value (its context), one function that makes it, and one
template.  ``access`` decides who may ask, before anything else does.
"""

# Modules whose ``pages`` (a router) and whose package's templates join those of the dashboard; outer doors add theirs.
MORE_PAGES: list[str] = []
