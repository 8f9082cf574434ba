DELETE FROM undos WHERE tenant = :tenant AND job = :job
