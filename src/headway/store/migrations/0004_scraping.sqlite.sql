-- The tables of a web scraper as views, so that SQL that was written for them still reads. A session is a job of the
-- category scraping; its pages and files are two ledgers of it. The functions that move sessions are PostgreSQL's:
-- SQLite keeps none.

-- A session goes by the id it was started with, an older crawl under the same one by that of its job. One that was
-- stopped has failed. Progress is what a worker's crawl tells, and what the session's own program has kept.
CREATE VIEW scraping_sessions AS
SELECT CASE WHEN j.id = (SELECT max(a.job) FROM aliases AS a
                          WHERE a.tenant = j.tenant AND a.text = j.context_id AND a.kind = 'context')
            THEN j.context_id ELSE j.id END AS id,
       j.id AS job_id, j.labels ->> '$.user' AS user_id,
       CASE j.state WHEN 'pausing' THEN 'running' WHEN 'cancelling' THEN 'running' WHEN 'rolling_back' THEN 'running'
                    WHEN 'cancelled' THEN 'failed' WHEN 'rolled_back' THEN 'failed' WHEN 'rollback_failed' THEN 'failed'
                    ELSE j.state END AS status,
       j.input ->> '$.url' AS target_url, j.input ->> '$.url' AS url,
       substr(j.input ->> '$.url', instr(j.input ->> '$.url', '://') + 3,
              instr(substr(j.input ->> '$.url', instr(j.input ->> '$.url', '://') + 3) || '/', '/') - 1) AS domain,
       j.input AS config,
       json_remove(json_patch(json_patch(
           '{"pages_scraped":0,"files_downloaded":0,"urls_found":0,"external_urls_found":0,"errors_count":0}',
           COALESCE(j.progress -> '$.data', '{}')), COALESCE(c.value, '{}')), '$."$moved"') AS progress,
       j.result AS summary_results, j.result AS statistics, j.error ->> '$.message' AS error_message,
       COALESCE(c.value ->> '$.pages_scraped', j.progress ->> '$.data.pages_scraped', 0) AS pages_scraped,
       COALESCE(c.value ->> '$.urls_found', j.progress ->> '$.data.urls_found', 0) AS urls_found,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.started_at, 'unixepoch') AS start_time,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.ended_at, 'unixepoch') AS end_time,
       strftime('%Y-%m-%dT%H:%M:%fZ', max(j.state_since, COALESCE(j.progress ->> '$.last_progress_at', 0),
                                          COALESCE(c.saved_at, 0)), 'unixepoch') AS last_updated,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.created_at, 'unixepoch') AS created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.ended_at, 'unixepoch') AS completed_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', max(j.state_since, COALESCE(j.progress ->> '$.last_progress_at', 0),
                                          COALESCE(c.saved_at, 0)), 'unixepoch') AS updated_at
  FROM jobs AS j
  LEFT JOIN checkpoints AS c ON c.tenant = j.tenant AND c.job = j.id AND c.kind = 'state' AND c.name = ''
 WHERE j.tenant = 0 AND j.category = 'scraping' AND j.deleted_at IS NULL;

-- A page that was passed over has failed, and error_details says why.
CREATE VIEW scraped_pages AS
SELECT i.job || '/' || i.position AS id, s.id AS session_id, i.key AS url, i.data ->> '$.title' AS title,
       CASE i.state WHEN 'done' THEN 'scraped' WHEN 'skipped' THEN 'failed' ELSE i.state END AS status,
       i.status_code AS http_status, i.hash AS content_hash, i.data ->> '$.path' AS raw_html_storage_path,
       COALESCE(i.data -> '$.extracted', '{}') AS extracted_data, i.error ->> '$.message' AS error_details,
       CASE i.state WHEN 'done' THEN strftime('%Y-%m-%dT%H:%M:%fZ', i.updated_at, 'unixepoch') END AS scraped_at
  FROM scraping_sessions AS s
  JOIN items AS i ON i.tenant = 0 AND i.job = s.job_id AND i.ledger = 'pages';

CREATE VIEW downloaded_content AS
SELECT i.job || '/files/' || i.position AS id, s.id AS session_id, p.job || '/' || p.position AS page_id,
       i.key AS original_url, i.value ->> '$.file_name' AS file_name, i.value ->> '$.file_type' AS file_type,
       CAST(i.size AS INTEGER) AS file_size_bytes, i.value ->> '$.storage_path' AS storage_path,
       i.value ->> '$.content_hash' AS content_hash, i.value ->> '$.downloaded_at' AS downloaded_at,
       i.value AS metadata, i.value ->> '$.duplicate_of' IS NOT NULL AS is_deduped,
       o.job || '/files/' || o.position AS original_file_id, NULL AS public_url
  FROM scraping_sessions AS s
  JOIN items AS i ON i.tenant = 0 AND i.job = s.job_id AND i.ledger = 'files'
  LEFT JOIN items AS p ON p.tenant = i.tenant AND p.job = i.job AND p.ledger = 'pages' AND p.key = i.value ->> '$.page'
  LEFT JOIN items AS o ON o.tenant = i.tenant AND o.job = i.job AND o.ledger = 'files'
   AND o.key = i.value ->> '$.duplicate_of';

CREATE VIEW stored_files AS SELECT * FROM downloaded_content;
