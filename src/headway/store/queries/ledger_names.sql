-- The names alone, each sought in the key of the items: a list of all items would be long.
WITH RECURSIVE names(ledger) AS (
    SELECT min(i.ledger) FROM items AS i WHERE i.tenant = :tenant AND i.job = :job
    UNION ALL
    SELECT (SELECT min(i.ledger) FROM items AS i
             WHERE i.tenant = :tenant AND i.job = :job AND i.ledger > names.ledger)
      FROM names WHERE names.ledger IS NOT NULL
)
SELECT ledger FROM names WHERE ledger IS NOT NULL
