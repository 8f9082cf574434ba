DELETE FROM checkpoints WHERE tenant = :tenant AND job = :job
