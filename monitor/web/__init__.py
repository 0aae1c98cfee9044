"""The dashboard: pages, live fragments and a local API on this computer alone.

What a page shows is asked from ``monitor.app``; each page is one typed value (its context), one function that makes it, and one
template.  ``access`` decides who may ask, before anything else does.
"""

# Modules of outer doors that join: ``pages`` is a router, ``close()`` is called at the end, the templates lie in their package.
MORE_PAGES: list[str] = []
