-- A chunk at a time. Both conditions on the state: by the second one SQLite knows that the index of what is left serves.
UPDATE items SET state = 'pending', forgiven = attempts, updated_at = :now
 WHERE tenant = :tenant AND job = :job AND ledger = :ledger AND key IN (
    SELECT c.key FROM items AS c
     WHERE c.tenant = :tenant AND c.job = :job AND c.ledger = :ledger AND c.state = 'failed' AND c.state <> 'done'
     ORDER BY c.position LIMIT :limit)
RETURNING COALESCE(size, 0)
