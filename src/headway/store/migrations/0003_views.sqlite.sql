-- Tables of older job trackers as views, so that SQL that was written for them still reads. They show the one tenant
-- that there is.

-- Runs of a media catalogue. What waits to go on counts as pending: it knows no pause.
CREATE VIEW job_runs AS
SELECT j.number AS id, j.id AS job_id, j.type AS job_name, j.category AS job_type,
       CASE j.state WHEN 'pausing' THEN 'running' WHEN 'cancelling' THEN 'running' WHEN 'rolling_back' THEN 'running'
                    WHEN 'paused' THEN 'pending' WHEN 'interrupted' THEN 'pending'
                    WHEN 'rolled_back' THEN 'cancelled' WHEN 'rollback_failed' THEN 'failed' ELSE j.state END AS status,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.started_at, 'unixepoch') AS start_time,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.ended_at, 'unixepoch') AS end_time,
       j.labels ->> '$.user' AS user_id, j.error ->> '$.message' AS error_message, j.input AS metadata,
       CASE j.state WHEN 'completed' THEN 100 ELSE COALESCE(j.progress ->> '$.percent', 0) END AS progress,
       COALESCE(j.progress ->> '$.total', 0) AS total_items, COALESCE(j.progress ->> '$.done', 0) AS processed_items,
       COALESCE(j.progress ->> '$.message', '') AS status_message, j.progress -> '$.data' AS progress_data,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.created_at, 'unixepoch') AS created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', max(j.state_since, COALESCE(j.progress ->> '$.last_progress_at', 0)), 'unixepoch')
           AS updated_at
  FROM jobs AS j
 WHERE j.tenant = 0 AND j.deleted_at IS NULL;

-- The job log of a failover tool. Of several external ids the newest; asking for it goes by the index of the aliases.
CREATE VIEW job_tracking AS
SELECT j.id AS id, j.parent AS parent_job_id, j.type AS job_type,
       COALESCE(j.labels ->> '$.operation', j.name) AS operation,
       CASE j.state WHEN 'pausing' THEN 'running' WHEN 'cancelling' THEN 'running' ELSE j.state END AS status,
       CASE j.state WHEN 'completed' THEN 100 ELSE j.progress ->> '$.percent' END AS percent_complete,
       (SELECT c.text FROM aliases AS c WHERE c.tenant = j.tenant AND c.job = j.id AND c.kind = 'cloudstack'
         ORDER BY c.created_at DESC LIMIT 1) AS cloudstack_job_id,
       a.text AS external_job_id, j.context_id AS context_id, j.category AS job_category, j.input AS metadata,
       j.error ->> '$.message' AS error_message, COALESCE(j.labels ->> '$.owner', j.owner) AS owner,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.started_at, 'unixepoch') AS started_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.ended_at, 'unixepoch') AS completed_at,
       CASE j.state WHEN 'cancelled' THEN strftime('%Y-%m-%dT%H:%M:%fZ', j.ended_at, 'unixepoch') END AS canceled_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.created_at, 'unixepoch') AS created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', max(j.state_since, COALESCE(j.progress ->> '$.last_progress_at', 0)), 'unixepoch')
           AS updated_at
  FROM jobs AS j
  LEFT JOIN aliases AS a ON a.tenant = j.tenant AND a.job = j.id AND a.kind = 'external'
   AND NOT EXISTS (SELECT 1 FROM aliases AS b WHERE b.tenant = a.tenant AND b.job = a.job AND b.kind = a.kind
                      AND (b.created_at, b.text) > (a.created_at, a.text))
 WHERE j.tenant = 0 AND j.deleted_at IS NULL;

CREATE VIEW job_steps AS
SELECT s.job || '/' || s.name AS id, s.job AS job_id, s.name AS name, s.position AS seq, s.state AS status,
       strftime('%Y-%m-%dT%H:%M:%fZ', s.started_at, 'unixepoch') AS started_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', s.ended_at, 'unixepoch') AS completed_at,
       s.error ->> '$.message' AS error_message, s.result AS metadata
  FROM steps AS s
  JOIN jobs AS j ON j.tenant = s.tenant AND j.id = s.job
 WHERE s.tenant = 0 AND j.deleted_at IS NULL;

CREATE VIEW log_events AS
SELECT l.job || '/' || l.seq AS id, l.job AS job_id, l.job || '/' || (l.data ->> '$.step') AS step_id,
       l.name AS level, l.data ->> '$.text' AS message, l.data AS attrs,
       strftime('%Y-%m-%dT%H:%M:%fZ', l.at, 'unixepoch') AS ts, a.text AS external_job_id
  FROM logs AS l
  JOIN jobs AS j ON j.tenant = l.tenant AND j.id = l.job
  LEFT JOIN aliases AS a ON a.tenant = l.tenant AND a.job = l.job AND a.kind = 'external'
   AND NOT EXISTS (SELECT 1 FROM aliases AS b WHERE b.tenant = a.tenant AND b.job = a.job AND b.kind = a.kind
                      AND (b.created_at, b.text) > (a.created_at, a.text))
 WHERE l.tenant = 0 AND j.deleted_at IS NULL;

-- Failovers from before the job log, by their own ids.
CREATE VIEW failover_jobs AS
SELECT a.text AS job_id, j.id AS tracking_id, j.context_id AS vm_context_id,
       COALESCE(j.progress ->> '$.message', j.state) AS status,
       CASE j.state WHEN 'completed' THEN 100 ELSE COALESCE(j.progress ->> '$.percent', 0) END AS progress,
       j.error ->> '$.message' AS error_message,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.created_at, 'unixepoch') AS created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.ended_at, 'unixepoch') AS completed_at
  FROM aliases AS a
  JOIN jobs AS j ON j.tenant = a.tenant AND j.id = a.job
 WHERE a.tenant = 0 AND a.kind = 'failover_jobs' AND j.deleted_at IS NULL;
