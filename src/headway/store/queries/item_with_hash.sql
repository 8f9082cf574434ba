-- The first of those with this content; the others are its duplicates.
SELECT key FROM items
 WHERE tenant = :tenant AND job = :job AND ledger = :ledger AND hash = :hash AND duplicate_of IS NULL
 ORDER BY position LIMIT 1
