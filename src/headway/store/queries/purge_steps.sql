DELETE FROM steps WHERE tenant = :tenant AND {in steps.job :jobs}
