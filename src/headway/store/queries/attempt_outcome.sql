SELECT outcome FROM attempts WHERE tenant = :tenant AND job = :job AND attempt = :attempt
