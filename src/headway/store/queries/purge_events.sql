-- A chunk at a time: a transaction that deletes everything would hold up every other writer.
DELETE FROM events WHERE tenant = :tenant AND job = :job AND seq IN (
    SELECT c.seq FROM events AS c WHERE c.tenant = :tenant AND c.job = :job ORDER BY c.seq LIMIT :limit)
RETURNING seq
