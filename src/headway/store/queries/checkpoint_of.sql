SELECT value FROM checkpoints WHERE tenant = :tenant AND job = :job AND kind = :kind AND name = ''
