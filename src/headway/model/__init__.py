"""What things are. Pure: no input or output, no clock, and nothing of ours but each other is imported."""
