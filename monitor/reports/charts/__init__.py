"""Charts as SVG: one function a chart, values in, markup out.

Every chart has a sentence with its result, and a description for screen readers.  Unknown is hatched, never blank; a gap stays a
gap; nothing is compared with other people.  Each is drawn twice, wide and narrow, so that its text never shrinks; colours come
from ``style/colours.css`` by class, so that one drawing serves light, dark and print.
"""
