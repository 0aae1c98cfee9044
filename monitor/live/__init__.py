"""The live source of observations: joins a camera device, a pose engine and the policies of ``monitor.core.camera``."""
