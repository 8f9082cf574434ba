-- One page of jobs, newest first. Ids rise with time, so the id is both order and cursor.
-- With a label the page is read along the labels' own key, which is in the same order: a label that every job has
-- costs no more than one that few have.
SELECT {job_columns}
  FROM jobs --? no label0
  FROM labels AS l JOIN jobs ON jobs.tenant = l.tenant AND jobs.id = l.job --? label0
 WHERE jobs.tenant = :tenant AND jobs.deleted_at IS NULL
   AND l.tenant = :tenant AND l.name = :label0 AND l.value = :value0 --? label0
   AND jobs.id < :after --? after
   AND jobs.state = :state --? state
   AND jobs.ended_at IS NULL --? active
   AND jobs.ended_at IS NOT NULL --? ended
   AND jobs.type = :type --? type
   AND jobs.session = :session --? session
   AND jobs.category = :category --? category
   AND jobs.parent = :parent --? parent
   AND jobs.id IN (SELECT a.job FROM aliases AS a WHERE a.tenant = :tenant AND a.kind = 'context' AND a.text = :context_id) --? context_id
   AND EXISTS (SELECT 1 FROM labels AS m WHERE m.tenant = :tenant AND m.name = :label1 AND m.value = :value1 AND m.job = jobs.id) --? label1
   AND EXISTS (SELECT 1 FROM labels AS m WHERE m.tenant = :tenant AND m.name = :label2 AND m.value = :value2 AND m.job = jobs.id) --? label2
   AND EXISTS (SELECT 1 FROM labels AS m WHERE m.tenant = :tenant AND m.name = :label3 AND m.value = :value3 AND m.job = jobs.id) --? label3
   AND (jobs.name {like} :text ESCAPE '\' OR jobs.type {like} :text ESCAPE '\' OR jobs.id {like} :text ESCAPE '\' --? text
        OR {error_message} {like} :text ESCAPE '\') --? text
 ORDER BY jobs.id DESC --? no label0
 ORDER BY l.job DESC --? label0
 LIMIT :limit
