SELECT state, CAST(sum(change) AS bigint) FROM tallies
 WHERE tenant = :tenant
   AND session = :session --? session
 GROUP BY state
