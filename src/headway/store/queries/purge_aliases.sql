DELETE FROM aliases {by aliases_job} WHERE tenant = :tenant AND {in aliases.job :jobs}
