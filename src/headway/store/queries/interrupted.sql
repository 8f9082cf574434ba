-- Interrupted jobs that go on by themselves: lost ones whose type recovers (a rollback always does), and those that were
-- lost or left by their worker where a person made a rule for their type; with what is told of that rule.
SELECT jobs.tenant, jobs.id, jobs.attempt, jobs.losses,
       CASE WHEN types.recover OR jobs.rollback_of IS NOT NULL THEN NULL ELSE rule.told END
  FROM jobs
  JOIN attempts AS a ON a.tenant = jobs.tenant AND a.job = jobs.id AND a.attempt = jobs.attempt
  LEFT JOIN types ON types.tenant = jobs.tenant AND types.type = jobs.type
  LEFT JOIN recovery_rules AS rule ON rule.tenant = jobs.tenant AND rule.type = jobs.type
 WHERE jobs.state = 'interrupted' AND NOT jobs.outside AND jobs.deleted_at IS NULL
   AND (a.outcome = 'lose' AND (types.recover OR jobs.rollback_of IS NOT NULL)
        OR a.outcome IN ('lose', 'leave') AND rule.type IS NOT NULL)
 ORDER BY jobs.id LIMIT :limit
