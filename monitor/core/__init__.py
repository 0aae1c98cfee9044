"""The pure core: what is measured, decided and due, as values in and values out.

Packages, lowest first; imports point down: vocabulary and errors, body, back and camera, posture, sedentary, reminders, history,
pipeline.  Nothing here knows a clock, a file, a device, a log, chance or a pixel, and nothing here is a sentence for a person:
states and reasons are codes (``vocabulary``), looked up at the edge (``monitor.texts``).
"""
