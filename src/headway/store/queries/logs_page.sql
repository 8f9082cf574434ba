SELECT seq, at, kind, name, attempt, data FROM logs
 WHERE tenant = :tenant AND job = :job AND seq > :after
   AND {in name :levels} --? levels
 ORDER BY seq LIMIT :limit
