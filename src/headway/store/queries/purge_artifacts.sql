DELETE FROM artifacts WHERE tenant = :tenant AND job = :job
