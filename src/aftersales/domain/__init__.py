"""Floor 1. Pure: values in, values out. No I/O, no clock, no randomness, no YAML, no SQL."""
