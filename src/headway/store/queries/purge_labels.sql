DELETE FROM labels WHERE tenant = :tenant AND {in labels.job :jobs}
