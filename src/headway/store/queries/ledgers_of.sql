SELECT ledger, total, done, failed, skipped, duplicates, size, size_done, size_saved, position FROM ledgers
 WHERE tenant = :tenant AND job = :job
   AND ledger = :ledger --? ledger
 ORDER BY ledger
