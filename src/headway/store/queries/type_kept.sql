UPDATE types SET keep_after = :until WHERE tenant = :tenant AND type = :name AND keep_after = :seen RETURNING type
