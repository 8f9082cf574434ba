-- Counts what a lost attempt still tried to write; the first is told in the history.
UPDATE attempts SET late_writes = late_writes + 1
 WHERE tenant = :tenant AND job = :job AND attempt = :attempt
RETURNING late_writes
