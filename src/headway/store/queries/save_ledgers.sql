-- Totals, as the one attempt that works on a ledger counts them.
INSERT INTO ledgers (tenant, job, ledger, total, done, failed, skipped, duplicates, size, size_done, size_saved, position)
SELECT r.tenant, r.job, r.ledger, r.total, r.done, r.failed, r.skipped, r.duplicates, r.size, r.size_done, r.size_saved,
       r.position
  FROM {rows(tenant bigint, job text, ledger text, total bigint, done bigint, failed bigint, skipped bigint, duplicates bigint, size float8, size_done float8, size_saved float8, position bigint)}
 WHERE true  -- tells SQLite's parser that what follows is not the ON of a join
ON CONFLICT (tenant, job, ledger) DO UPDATE SET
    total = excluded.total, done = excluded.done, failed = excluded.failed, skipped = excluded.skipped,
    duplicates = excluded.duplicates, size = excluded.size, size_done = excluded.size_done,
    size_saved = excluded.size_saved, position = excluded.position
