-- A chunk at a time: a transaction that deletes everything would hold up every other writer.
DELETE FROM logs WHERE tenant = :tenant AND job = :job AND seq IN (
    SELECT c.seq FROM logs AS c WHERE c.tenant = :tenant AND c.job = :job ORDER BY c.seq LIMIT :limit)
RETURNING seq
