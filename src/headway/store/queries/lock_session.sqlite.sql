-- There is one writer at a time: nothing needs to be locked.
SELECT id, closed_at FROM sessions WHERE tenant = :tenant AND id = :id
