DELETE FROM checkpoints WHERE tenant = :tenant AND {in checkpoints.job :jobs}
