INSERT INTO ledgers (tenant, job, ledger, total, done, failed, skipped, duplicates, size, size_done, size_saved, position)
SELECT tenant, :to_job, ledger, total, done, 0, skipped, duplicates, size, size_done - COALESCE((
           SELECT sum(i.size) FROM items AS i
            WHERE i.tenant = ledgers.tenant AND i.job = ledgers.job AND i.ledger = ledgers.ledger
              AND i.state = 'failed' AND i.state <> 'done'), 0),
       size_saved, position
  FROM ledgers
 WHERE tenant = :tenant AND job = :job AND ledger = :ledger
ON CONFLICT (tenant, job, ledger) DO NOTHING
