"""Charts as SVG: one function a chart, values in, markup out.

Whatever a chart shows is said by its sentence first, and again by its description for who does not see it.  Unknown is hatched,
never blank; a gap stays a gap; nothing is compared with other people.  Each is drawn twice, wide and narrow, so that its text
never shrinks; colours come from ``style/colours.css`` by class, so that one drawing serves light, dark and print.
"""
