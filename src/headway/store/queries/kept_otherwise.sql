-- Types and sessions whose time to keep jobs was changed, and how far their ended jobs have been brought up to date.
SELECT 'type', type, keep_after FROM types WHERE tenant = :tenant AND keep_after IS NOT NULL
 UNION ALL
SELECT 'session', id, keep_after FROM sessions WHERE tenant = :tenant AND keep_after IS NOT NULL
 LIMIT 1
