-- How many attempts wrote after they had lost their job.
SELECT count(*) FROM attempts {by attempts_late} WHERE tenant = :tenant AND late_writes > 0
