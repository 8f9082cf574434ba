-- Bring new jobs into being. The rows come back only where they are wanted: a bulk has thousands.
-- Each takes the version of its session's configuration, and the session's limit where it has one
-- and the job needs a place of its own. A session that is
-- closed takes none but the rollbacks of its jobs, also where it is being closed at this moment; a parent that is
-- deleted takes none either.
INSERT INTO jobs (tenant, id, type, name, category, session, context_id, one_per_context, parent, root,
                  restarted_from, rollback_of, owner, queue, priority, input, labels, outside, retries, timeout_s,
                  state, state_since, seq, due_at, created_at, launched, spawn_key, weight, config_version, limit_key)
SELECT r.tenant, r.id, r.type, r.name, r.category, r.session, r.context_id, r.one_per_context, r.parent, r.root,
       r.restarted_from, r.rollback_of, r.owner, r.queue, r.priority, r.input, r.labels, r.outside, r.retries,
       r.timeout_s, 'pending', r.created_at, 1, r.due_at, r.created_at, r.launched, r.spawn_key, r.weight,
       COALESCE(r.config_version, s.config_version),
       CASE WHEN r.limited THEN
           (SELECT l.key FROM limits AS l WHERE l.tenant = r.tenant AND l.key = 'session:' || r.session) END
  FROM {rows(tenant bigint, id text, type text, name text, category text, session text, context_id text, one_per_context boolean, parent text, root text, restarted_from text, rollback_of text, owner text, queue text, priority bigint, input json, labels json, outside boolean, retries bigint, timeout_s float8, due_at float8, created_at float8, launched boolean, spawn_key text, weight float8, config_version bigint, limited boolean)}
  JOIN sessions AS s ON s.tenant = r.tenant AND s.id = r.session AND (s.closed_at IS NULL OR r.rollback_of IS NOT NULL)
 WHERE (r.parent IS NULL OR EXISTS (SELECT 1 FROM jobs AS p
                                     WHERE p.tenant = r.tenant AND p.id = r.parent AND p.deleted_at IS NULL {keep p}))
 {hold s}
RETURNING {job_columns} --? returned
