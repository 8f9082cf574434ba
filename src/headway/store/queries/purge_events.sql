-- A chunk at a time: a transaction that deletes everything would hold up every other writer.
DELETE FROM events WHERE tenant = :tenant AND (job, seq) IN (
    SELECT c.job, c.seq FROM events AS c WHERE c.tenant = :tenant AND {in c.job :jobs} LIMIT :limit)
RETURNING seq
