-- Types and sessions whose time to keep jobs was changed, and how far their ended jobs have been brought up to date.
SELECT 'type', types.type, types.keep_after FROM types WHERE types.keep_after IS NOT NULL
 UNION ALL
SELECT 'session', sessions.id, sessions.keep_after FROM sessions {by sessions_keeping} WHERE sessions.keep_after IS NOT NULL
 LIMIT 10
