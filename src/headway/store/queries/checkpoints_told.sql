-- The state first, then the cursors by name.
SELECT kind, name, value, attempt, saved_at FROM checkpoints
 WHERE tenant = :tenant AND job = :job AND kind IN ('state', 'cursor')
 ORDER BY kind DESC, name
