"""All image processing: pose model, masks and outlines, change detection, background, drawing.

Each module is one adapter.
"""
