-- The tables of a web scraper as views, and the functions by which it moves its sessions, so that SQL that was written
-- for them goes on. A session is a job of the category scraping; its pages and files are two ledgers of it.

CREATE INDEX jobs_scraping_config ON jobs USING gin ((input::jsonb)) WHERE category = 'scraping';

-- A session goes by the id it was started with, an older crawl under the same one by that of its job. One that was
-- stopped has failed. Progress is what a worker's crawl tells, and what the session's own program has kept.
CREATE VIEW scraping_sessions AS
SELECT CASE WHEN j.id = (SELECT max(a.job) FROM aliases AS a
                          WHERE a.tenant = j.tenant AND a.text = j.context_id AND a.kind = 'context')
            THEN j.context_id ELSE j.id END AS id,
       j.id AS job_id, j.labels ->> 'user' AS user_id,
       CASE j.state WHEN 'pausing' THEN 'running' WHEN 'cancelling' THEN 'running' WHEN 'rolling_back' THEN 'running'
                    WHEN 'cancelled' THEN 'failed' WHEN 'rolled_back' THEN 'failed' WHEN 'rollback_failed' THEN 'failed'
                    ELSE j.state END AS status,
       j.input ->> 'url' AS target_url, j.input ->> 'url' AS url,
       split_part(split_part(j.input ->> 'url', '://', 2), '/', 1) AS domain,
       j.input::jsonb AS config, p.progress AS progress, j.result::jsonb AS summary_results,
       j.result::jsonb AS statistics, j.error ->> 'message' AS error_message,
       (p.progress ->> 'pages_scraped')::bigint AS pages_scraped, (p.progress ->> 'urls_found')::bigint AS urls_found,
       to_timestamp(j.started_at) AS start_time, to_timestamp(j.ended_at) AS end_time,
       to_timestamp(greatest(j.state_since, (j.progress ->> 'last_progress_at')::float8, c.saved_at)) AS last_updated,
       to_timestamp(j.created_at) AS created_at, to_timestamp(j.ended_at) AS completed_at,
       to_timestamp(greatest(j.state_since, (j.progress ->> 'last_progress_at')::float8, c.saved_at)) AS updated_at
  FROM jobs AS j
  LEFT JOIN checkpoints AS c ON c.tenant = j.tenant AND c.job = j.id AND c.kind = 'state' AND c.name = ''
 CROSS JOIN LATERAL (SELECT
       '{"pages_scraped":0,"files_downloaded":0,"urls_found":0,"external_urls_found":0,"errors_count":0}'::jsonb
       || COALESCE((j.progress -> 'data')::jsonb, '{}') || COALESCE(c.value::jsonb, '{}') - '$moved' AS progress) AS p
 WHERE j.tenant = 0 AND j.category = 'scraping' AND j.deleted_at IS NULL;

-- A page that was passed over has failed, and error_details says why.
CREATE VIEW scraped_pages AS
SELECT i.job || '/' || i.position AS id, s.id AS session_id, i.key AS url, i.data ->> 'title' AS title,
       CASE i.state WHEN 'done' THEN 'scraped' WHEN 'skipped' THEN 'failed' ELSE i.state END AS status,
       i.status_code AS http_status, i.hash AS content_hash, i.data ->> 'path' AS raw_html_storage_path,
       COALESCE(i.data::jsonb -> 'extracted', '{}') AS extracted_data, i.error ->> 'message' AS error_details,
       CASE i.state WHEN 'done' THEN to_timestamp(i.updated_at) END AS scraped_at
  FROM items AS i
  JOIN scraping_sessions AS s ON s.job_id = i.job
 WHERE i.tenant = 0 AND i.ledger = 'pages';

CREATE VIEW downloaded_content AS
SELECT i.job || '/files/' || i.position AS id, s.id AS session_id, p.job || '/' || p.position AS page_id,
       i.key AS original_url, i.value ->> 'file_name' AS file_name, i.value ->> 'file_type' AS file_type,
       i.size::bigint AS file_size_bytes, i.value ->> 'storage_path' AS storage_path,
       i.value ->> 'content_hash' AS content_hash, (i.value ->> 'downloaded_at')::timestamptz AS downloaded_at,
       i.value::jsonb AS metadata, i.value ->> 'duplicate_of' IS NOT NULL AS is_deduped,
       o.job || '/files/' || o.position AS original_file_id, NULL::text AS public_url
  FROM items AS i
  JOIN scraping_sessions AS s ON s.job_id = i.job
  LEFT JOIN items AS p ON p.tenant = i.tenant AND p.job = i.job AND p.ledger = 'pages' AND p.key = i.value ->> 'page'
  LEFT JOIN items AS o ON o.tenant = i.tenant AND o.job = i.job AND o.ledger = 'files'
   AND o.key = i.value ->> 'duplicate_of'
 WHERE i.tenant = 0 AND i.ledger = 'files';

CREATE VIEW stored_files AS SELECT * FROM downloaded_content;

-- The job of a session, its row locked; null where there is none.
CREATE FUNCTION headway_scrape_job(session_id text) RETURNS jobs LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    found jobs;
BEGIN
    SELECT j.* INTO found FROM jobs AS j
     WHERE j.tenant = 0 AND j.category = 'scraping' AND j.deleted_at IS NULL
       AND j.id IN (SELECT session_id UNION ALL
                    SELECT a.job FROM aliases AS a WHERE a.tenant = 0 AND a.text = session_id AND a.kind = 'context')
     ORDER BY j.id = session_id DESC, j.number DESC LIMIT 1 FOR UPDATE;
    RETURN found;
END $$;

-- One move of one locked job, with all that belongs to it: the row as move.sql writes it, its event, the end of its
-- attempt, the counts by state and under its limit. The table of moves says where it leads.
CREATE FUNCTION headway_scrape_move(
    INOUT the_job jobs, actor text, move text, result json DEFAULT NULL, error json DEFAULT NULL)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    before jobs := the_job;
    at double precision := extract(epoch FROM clock_timestamp());
BEGIN
    UPDATE jobs AS j SET
        previous = j.state, state = m.target, state_since = at, seq = j.seq + 1, version = j.version + 1,
        ended_at = CASE WHEN s.ended THEN at END,
        active_s = j.active_s + CASE WHEN s.executing OR j.lease_until IS NULL THEN 0 ELSE at - j.active_since END,
        lease_until = CASE WHEN s.executing THEN j.lease_until END,
        active_since = CASE WHEN s.executing THEN j.active_since END,
        deadline_at = CASE WHEN s.executing THEN j.deadline_at END,
        delivered_at = NULL, due_at = NULL,
        result = COALESCE(headway_scrape_move.result, j.result),
        error = CASE WHEN headway_scrape_move.error IS NOT NULL THEN headway_scrape_move.error
                     WHEN m.target = 'completed' OR m.move = 'retry' THEN NULL ELSE j.error END,
        retries_used = CASE WHEN m.move = 'retry' THEN 0 ELSE j.retries_used END,
        losses = CASE WHEN m.move IN ('retry', 'resume') THEN 0 ELSE j.losses END,
        expires_at = CASE WHEN s.ended AND j.parent IS NULL AND j.rollback_of IS NULL AND NOT j.pinned
            THEN at + COALESCE(
            (SELECT w.keep_s FROM sessions AS w WHERE w.tenant = j.tenant AND w.id = j.session),
            (SELECT t.keep_s FROM types AS t WHERE t.tenant = j.tenant AND t.type = j.type)) END
      FROM moves AS m JOIN states AS s ON s.state = m.target
     WHERE j.tenant = before.tenant AND j.id = before.id AND m.source = j.state
       AND m.actor = headway_scrape_move.actor AND m.move = headway_scrape_move.move
    RETURNING j.* INTO the_job;
    IF the_job.id IS NULL THEN
        RAISE EXCEPTION 'illegal move: % in state %', move, before.state USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO events (tenant, job, seq, at, kind, name, attempt, data)
    VALUES (the_job.tenant, the_job.id, the_job.seq, at, 'move', move, the_job.attempt,
            json_strip_nulls(json_build_object(
                'from', before.state, 'to', the_job.state, 'by', actor, 'via', 'sql', 'error', error)));
    INSERT INTO tallies (tenant, session, state, change)
    VALUES (the_job.tenant, the_job.session, before.state, -1), (the_job.tenant, the_job.session, the_job.state, 1);
    IF before.lease_until IS NOT NULL AND the_job.lease_until IS NULL THEN
        UPDATE attempts AS a SET ended_at = at, outcome = move, error = headway_scrape_move.error
         WHERE a.tenant = the_job.tenant AND a.job = before.id AND a.attempt = before.attempt AND a.ended_at IS NULL;
        UPDATE limits AS l SET used = greatest(l.used - 1, 0)
         WHERE l.tenant = before.tenant AND l.key = before.limit_key AND NOT before.waiting;
    END IF;
END $$;

-- The caller takes a locked job that is its own, under a lease of 30 s, which each checkpoint renews.
CREATE FUNCTION headway_scrape_claim(INOUT the_job jobs) LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    at double precision := extract(epoch FROM clock_timestamp());
BEGIN
    UPDATE jobs AS j SET
        previous = j.state, state = m.target, state_since = at, attempt = j.attempt + 1, worker = 'sql', serial = 0,
        lease_until = at + 30, active_since = at, delivered_at = NULL, unconfirmed_until = NULL, due_at = NULL,
        waiting = false, wants_place = false, known_attempt = j.attempt + 1,
        deadline_at = at - j.active_s + j.timeout_s,
        started_at = COALESCE(j.started_at, at), seq = j.seq + 1, version = j.version + 1
      FROM moves AS m
     WHERE j.tenant = the_job.tenant AND j.id = the_job.id
       AND m.actor = 'claimer' AND m.move = 'claim' AND m.source = j.state
    RETURNING j.* INTO the_job;
    IF the_job.limit_key IS NOT NULL THEN
        UPDATE limits AS l SET used = l.used + 1
         WHERE l.tenant = the_job.tenant AND l.key = the_job.limit_key AND l.used < l.most;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'session % is full: as many of its jobs run as may', the_job.session;
        END IF;
    END IF;
    INSERT INTO attempts (tenant, job, attempt, worker, started_at)
    VALUES (the_job.tenant, the_job.id, the_job.attempt, 'sql', at);
    INSERT INTO events (tenant, job, seq, at, kind, name, attempt, data)
    VALUES (the_job.tenant, the_job.id, the_job.seq, at, 'move', 'claim', the_job.attempt,
            '{"from": "pending", "to": "running", "by": "claimer", "via": "sql", "worker": "sql"}');
    INSERT INTO tallies (tenant, session, state, change)
    VALUES (the_job.tenant, the_job.session, 'pending', -1), (the_job.tenant, the_job.session, 'running', 1);
END $$;

-- Merges progress into what a session has kept, and renews its lease. False for an unknown session, and for one whose
-- own program is not at work: the crawl of a worker keeps its own.
CREATE FUNCTION checkpoint_session_progress(session_id text, data jsonb) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    the_job jobs := headway_scrape_job(session_id);
    at double precision := extract(epoch FROM clock_timestamp());
    kept jsonb;
BEGIN
    IF jsonb_typeof(data) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'progress is %; expected a JSON object', COALESCE(jsonb_typeof(data), 'null');
    END IF;
    IF the_job.id IS NULL OR NOT the_job.outside OR the_job.lease_until IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO checkpoints AS c (tenant, job, kind, name, value, attempt, saved_at)
    VALUES (the_job.tenant, the_job.id, 'state', '', data || jsonb_build_object('last_checkpoint', to_timestamp(at)),
            the_job.attempt, at)
    ON CONFLICT (tenant, job, kind, name) DO UPDATE SET
        value = c.value::jsonb || excluded.value::jsonb, attempt = excluded.attempt, saved_at = excluded.saved_at
    RETURNING c.value::jsonb - '$moved' INTO kept;
    UPDATE jobs AS j SET
        version = j.version + 1, losses = 0, lease_until = greatest(j.lease_until, at + 30),
        progress = COALESCE(j.progress::jsonb, '{}') || jsonb_build_object('data', kept, 'last_progress_at', at)
     WHERE j.tenant = the_job.tenant AND j.id = the_job.id;
    PERFORM pg_notify('headway', '');
    RETURN true;
END $$;

-- Moves a session; the row stays locked between reading and writing, so that of two callers one moves it. Whoever asks
-- may pause, stop and send on what a worker crawls; the rest is for its worker to say.
CREATE FUNCTION transition_session_state(session_id text, new_status text, progress_update jsonb DEFAULT NULL)
RETURNS boolean LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    the_job jobs := headway_scrape_job(session_id);
    status text;
    why json;
BEGIN
    IF the_job.id IS NULL THEN
        RAISE EXCEPTION 'session not found: %', session_id USING ERRCODE = 'no_data_found';
    END IF;
    SELECT s.status INTO status FROM scraping_sessions AS s WHERE s.job_id = the_job.id;
    IF NOT COALESCE(new_status = ANY (CASE status
        WHEN 'pending' THEN ARRAY['running', 'failed']
        WHEN 'running' THEN ARRAY['completed', 'failed', 'paused', 'interrupted']
        WHEN 'paused' THEN ARRAY['running', 'failed', 'completed']
        WHEN 'interrupted' THEN ARRAY['running', 'failed']
        WHEN 'failed' THEN ARRAY['running'] END), false)
       OR (status = 'failed' AND the_job.state <> 'failed')
       OR (NOT the_job.outside AND new_status IN ('completed', 'interrupted'))
       OR (NOT the_job.outside AND status = 'pending' AND new_status = 'running') THEN
        RAISE EXCEPTION 'invalid state transition: session % is % and can not become %', session_id, status, new_status
            USING ERRCODE = 'check_violation';
    END IF;
    IF the_job.state IN ('paused', 'interrupted') AND (the_job.outside OR new_status = 'running') THEN
        the_job := headway_scrape_move(the_job, 'user', 'resume');
    ELSIF the_job.state = 'failed' THEN
        the_job := headway_scrape_move(the_job, 'user', 'retry');
    END IF;
    IF NOT the_job.outside AND new_status <> 'running' THEN
        the_job := headway_scrape_move(the_job, 'user', CASE new_status WHEN 'paused' THEN 'pause' ELSE 'cancel' END);
    END IF;
    IF the_job.outside THEN
        IF the_job.state = 'pending' THEN
            the_job := headway_scrape_claim(the_job);
        END IF;
        IF progress_update IS NOT NULL THEN
            PERFORM checkpoint_session_progress(session_id, progress_update);
        END IF;
        IF new_status = 'paused' AND the_job.state = 'running' THEN
            the_job := headway_scrape_move(the_job, 'user', 'pause');
        END IF;
        IF new_status = 'failed' THEN
            why := json_build_object('code', 'error', 'message', COALESCE(progress_update ->> 'error', 'it failed'));
        END IF;
        IF new_status <> 'running' THEN
            the_job := headway_scrape_move(
                the_job, 'runner',
                CASE new_status WHEN 'completed' THEN 'finish' WHEN 'failed' THEN 'fail' WHEN 'paused' THEN 'halt'
                                ELSE 'leave' END,
                CASE new_status WHEN 'completed' THEN (
                    SELECT (c.value::jsonb - '$moved')::json FROM checkpoints AS c
                     WHERE c.tenant = the_job.tenant AND c.job = the_job.id AND c.kind = 'state' AND c.name = '') END,
                why);
        END IF;
    END IF;
    PERFORM pg_notify('headway', '');
    -- Who had stopped it before has won: it never ends as completed then.
    RETURN new_status = 'failed' OR the_job.state <> 'cancelled';
END $$;

-- An UPDATE of the view is a transition, a checkpoint, or both; last_updated follows by itself.
CREATE FUNCTION update_session_timestamp() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF to_jsonb(NEW) - ARRAY['status', 'progress', 'last_updated', 'updated_at']
       IS DISTINCT FROM to_jsonb(OLD) - ARRAY['status', 'progress', 'last_updated', 'updated_at'] THEN
        RAISE EXCEPTION 'of a session only status and progress can be updated; the rest follows from them';
    END IF;
    IF NEW.status IS DISTINCT FROM OLD.status THEN
        PERFORM transition_session_state(
            OLD.id, NEW.status, CASE WHEN NEW.progress IS DISTINCT FROM OLD.progress THEN NEW.progress END);
    ELSIF NEW.progress IS DISTINCT FROM OLD.progress AND NOT checkpoint_session_progress(OLD.id, NEW.progress) THEN
        RAISE EXCEPTION 'session % is % and takes no progress: a worker crawls it, or nobody is at work on it',
            OLD.id, OLD.status;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER scraping_sessions_update INSTEAD OF UPDATE ON scraping_sessions
    FOR EACH ROW EXECUTE FUNCTION update_session_timestamp();
