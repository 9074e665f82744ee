"""The Qt window over `desktop`."""
