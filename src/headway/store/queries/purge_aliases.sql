DELETE FROM aliases WHERE tenant = :tenant AND {in aliases.job :jobs}
