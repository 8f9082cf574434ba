SELECT type, made_at, told FROM recovery_rules WHERE tenant = :tenant ORDER BY type LIMIT :limit
