"""The calibration: measures the person's own baseline."""
