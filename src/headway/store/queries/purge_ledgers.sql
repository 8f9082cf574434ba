DELETE FROM ledgers WHERE tenant = :tenant AND job = :job
