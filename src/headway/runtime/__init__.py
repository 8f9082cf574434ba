"""Who does the work: contexts, workers, and the commands they run."""
