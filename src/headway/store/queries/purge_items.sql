-- A chunk at a time: a transaction that deletes everything would hold up every other writer.
DELETE FROM items WHERE tenant = :tenant AND job = :job AND (ledger, key) IN (
    SELECT c.ledger, c.key FROM items AS c WHERE c.tenant = :tenant AND c.job = :job LIMIT :limit)
RETURNING key
