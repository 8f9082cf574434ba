DELETE FROM undos WHERE tenant = :tenant AND {in undos.job :jobs}
