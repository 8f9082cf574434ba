-- The attempt that a person has last sent back to the queue.
SELECT max(attempt) FROM events WHERE tenant = :tenant AND job = :job AND kind = 'move' AND name = 'retry'
