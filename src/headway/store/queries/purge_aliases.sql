DELETE FROM aliases WHERE tenant = :tenant AND job = :job
