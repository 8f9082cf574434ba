-- A chunk at a time: a transaction that deletes everything would hold up every other writer.
DELETE FROM logs WHERE tenant = :tenant AND (job, seq) IN (
    SELECT c.job, c.seq FROM logs AS c WHERE c.tenant = :tenant AND {in c.job :jobs} LIMIT :limit)
RETURNING seq
