DELETE FROM attempts WHERE tenant = :tenant AND {in attempts.job :jobs}
