-- A chunk at a time: a transaction that deletes everything would hold up every other writer.
DELETE FROM items WHERE tenant = :tenant AND (job, ledger, key) IN (
    SELECT c.job, c.ledger, c.key FROM items AS c WHERE c.tenant = :tenant AND {in c.job :jobs} LIMIT :limit)
RETURNING key
