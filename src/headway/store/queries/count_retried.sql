UPDATE ledgers SET failed = failed - :items, size_done = size_done - :size
 WHERE tenant = :tenant AND job = :job AND ledger = :ledger
