-- One more under a limit, where there is room.
UPDATE limits SET used = used + 1 WHERE tenant = :tenant AND key = :key AND used < most
RETURNING key
