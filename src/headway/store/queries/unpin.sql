-- From here on it goes when it would have gone.
UPDATE jobs SET pinned = false, seq = jobs.seq + 1, version = jobs.version + 1,
    expires_at = CASE WHEN jobs.parent IS NULL AND jobs.rollback_of IS NULL THEN jobs.ended_at + {keep_s} END
 WHERE jobs.tenant = :tenant AND jobs.id = :id AND jobs.pinned AND jobs.deleted_at IS NULL
RETURNING jobs.seq, jobs.attempt
