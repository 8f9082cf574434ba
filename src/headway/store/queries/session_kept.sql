UPDATE sessions SET keep_after = :until WHERE tenant = :tenant AND id = :name AND keep_after = :seen RETURNING id
