"""Documents rendered from frozen results."""
