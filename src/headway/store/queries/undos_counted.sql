SELECT count(CASE WHEN state = 'done' THEN 1 END), count(CASE WHEN state <> 'done' THEN 1 END) FROM undos
 WHERE tenant = :tenant AND job = :job
