UPDATE limits SET used = :used WHERE tenant = :tenant AND key = :key
