SELECT kind, name, value FROM checkpoints WHERE tenant = :tenant AND job = :job
