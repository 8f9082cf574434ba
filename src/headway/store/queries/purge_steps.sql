DELETE FROM steps WHERE tenant = :tenant AND job = :job
