-- Where a chunk ends: the keys of the database follow each other in its own order, which no program knows.
SELECT key FROM items
 WHERE tenant = :tenant AND job = :job AND ledger = :ledger
   AND key > :after --? after
 ORDER BY key LIMIT 1 OFFSET :n
