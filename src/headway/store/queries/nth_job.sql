-- The job that lies so many behind the first of an order, or behind a cursor: how far a look through texts goes at once.
SELECT jobs.id, NULL FROM jobs --? by_id
       {by jobs_open} --? active
       {by jobs_unstarted} --? unstarted
SELECT jobs.id, jobs.ended_at FROM jobs {by jobs_ended} --? by_end
SELECT jobs.id, jobs.started_at FROM jobs {by jobs_started} --? by_start
 WHERE jobs.tenant = :tenant
   AND jobs.ended_at IS NULL AND jobs.deleted_at IS NULL --? active
   AND jobs.started_at IS NULL AND jobs.deleted_at IS NULL --? unstarted
   AND jobs.id < :after --? after
   AND jobs.id > :behind --? behind
   AND jobs.state = :state AND jobs.deleted_at IS NULL --? state
   AND jobs.ended_at IS NOT NULL --? by_end
   AND (jobs.ended_at, jobs.id) < (:ended_at, :last) --? ended_at
   AND jobs.started_at IS NOT NULL --? by_start
   AND (jobs.started_at, jobs.id) < (:started_at, :last) --? started_at
 ORDER BY jobs.id DESC --? newest
 ORDER BY jobs.id --? oldest
 ORDER BY jobs.ended_at DESC, jobs.id DESC --? by_end
 ORDER BY jobs.started_at DESC, jobs.id DESC --? by_start
 LIMIT 1 OFFSET :n
