"""A camera that never ends as a source of observations: device, engine and the policies of ``monitor.core.camera`` joined."""
