SELECT name, length(content), saved_at FROM artifacts WHERE tenant = :tenant AND job = :job ORDER BY name
