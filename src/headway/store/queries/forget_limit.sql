DELETE FROM limits WHERE tenant = :tenant AND key = :key
