"""What callers do: the verbs, and finding a job by any id."""
