DELETE FROM artifacts WHERE tenant = :tenant AND {in artifacts.job :jobs}
