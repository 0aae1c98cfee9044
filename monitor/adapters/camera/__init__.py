"""Cameras and recordings: devices, their names, who else opens them, files of pictures.  Each module is one adapter."""
