-- For a ledger without totals: one of an older release, or the keys of a loop.
SELECT state, count(*), sum(COALESCE(size, 0)), max(position) FROM items
 WHERE tenant = :tenant AND job = :job AND ledger = :ledger
 GROUP BY state
