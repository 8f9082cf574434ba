"""Who watches: one feed per process reads what has changed and hands it to all subscribers."""
