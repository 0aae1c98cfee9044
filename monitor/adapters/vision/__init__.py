"""Everything that looks at pixels: the pose model, masks and outlines, change, background, drawing.

Each module is one adapter.
"""
