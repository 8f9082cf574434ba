-- One page of jobs, newest first. Ids rise with time, so the id is both order and cursor.
SELECT {job_columns} FROM jobs
 WHERE jobs.tenant = :tenant AND jobs.deleted_at IS NULL
   AND jobs.id < :after --? after
   AND jobs.state = :state --? state
   AND jobs.ended_at IS NULL --? active
   AND jobs.ended_at IS NOT NULL --? ended
   AND jobs.type = :type --? type
   AND jobs.session = :session --? session
   AND jobs.category = :category --? category
   AND jobs.parent = :parent --? parent
   AND jobs.id IN (SELECT a.job FROM aliases AS a WHERE a.tenant = :tenant AND a.kind = 'context' AND a.text = :context_id) --? context_id
   AND jobs.id IN (SELECT l.job FROM labels AS l WHERE l.tenant = :tenant AND l.name = :label0 AND l.value = :value0) --? label0
   AND jobs.id IN (SELECT l.job FROM labels AS l WHERE l.tenant = :tenant AND l.name = :label1 AND l.value = :value1) --? label1
   AND jobs.id IN (SELECT l.job FROM labels AS l WHERE l.tenant = :tenant AND l.name = :label2 AND l.value = :value2) --? label2
   AND jobs.id IN (SELECT l.job FROM labels AS l WHERE l.tenant = :tenant AND l.name = :label3 AND l.value = :value3) --? label3
   AND (lower(jobs.name) LIKE :text ESCAPE '\' OR lower(jobs.type) LIKE :text ESCAPE '\' OR jobs.id LIKE :text ESCAPE '\') --? text
 ORDER BY jobs.id DESC
 LIMIT :limit
