DELETE FROM ledgers WHERE tenant = :tenant AND {in ledgers.job :jobs}
