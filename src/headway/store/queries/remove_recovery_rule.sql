DELETE FROM recovery_rules WHERE tenant = :tenant AND type = :type RETURNING type
