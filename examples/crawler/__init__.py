"""A polite crawler as one job: its frontier is a ledger that grows while it is worked through."""
