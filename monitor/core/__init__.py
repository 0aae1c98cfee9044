"""The pure core: what is measured, decided and due, as values in and values out.

Packages, lowest first; imports point down: vocabulary and errors, body, back and camera, posture, sedentary, reminders, history,
pipeline.  Nothing here uses a clock, a file, a device, a log, random numbers or pixels, and nothing here is a sentence for a
person: states and reasons are codes (``vocabulary``), translated at the edge (``monitor.texts``).
"""
