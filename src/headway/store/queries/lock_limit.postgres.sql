-- No job begins or ends under this limit until the transaction is over.
SELECT used, most FROM limits WHERE tenant = :tenant AND key = :key FOR UPDATE
