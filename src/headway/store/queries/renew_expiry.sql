UPDATE jobs SET expires_at = jobs.ended_at + {keep_s}
 WHERE jobs.tenant = :tenant AND {in jobs.id :ids} AND jobs.ended_at IS NOT NULL AND {expires}
