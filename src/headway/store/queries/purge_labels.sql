DELETE FROM labels WHERE tenant = :tenant AND job = :job
