SELECT aliases.job, aliases.kind, aliases.text FROM aliases {by aliases_job}
 WHERE aliases.tenant = :tenant AND {in aliases.job :jobs} AND aliases.kind <> 'context'
 ORDER BY aliases.job, aliases.created_at, aliases.kind, aliases.text
