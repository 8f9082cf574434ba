-- There is one writer at a time: nothing needs to be locked.
SELECT used, most FROM limits WHERE tenant = :tenant AND key = :key
