SELECT content FROM artifacts WHERE tenant = :tenant AND job = :job AND name = :name
