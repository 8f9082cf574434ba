-- Bring new jobs into being. The rows come back only where they are wanted: a bulk has thousands.
INSERT INTO jobs (tenant, id, type, name, category, session, context_id, one_per_context, parent, root,
                  restarted_from, rollback_of, owner, queue, priority, input, labels, outside, retries, timeout_s,
                  state, state_since, seq, due_at, created_at)
SELECT r.tenant, r.id, r.type, r.name, r.category, r.session, r.context_id, r.one_per_context, r.parent, r.root,
       r.restarted_from, r.rollback_of, r.owner, r.queue, r.priority, r.input, r.labels, r.outside, r.retries,
       r.timeout_s, 'pending', r.created_at, 1, r.due_at, r.created_at
  FROM {rows(tenant bigint, id text, type text, name text, category text, session text, context_id text, one_per_context boolean, parent text, root text, restarted_from text, rollback_of text, owner text, queue text, priority bigint, input json, labels json, outside boolean, retries bigint, timeout_s float8, due_at float8, created_at float8)}
 WHERE true  -- tells SQLite's parser where the relation ends
RETURNING {job_columns} --? returned
