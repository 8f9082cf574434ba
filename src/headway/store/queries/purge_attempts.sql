DELETE FROM attempts WHERE tenant = :tenant AND job = :job
