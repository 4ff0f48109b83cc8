"""Work that is done when its time has come, once."""
