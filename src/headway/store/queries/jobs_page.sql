-- One page of jobs, newest first. Ids rise with each submission, so the id is both order and cursor.
-- by_label: the page is read along the key of the first label, which is in the same order: a label that every job has
-- costs no more than one that few have. ordered: another order, by one of the lines at the end; by_end and by_start
-- have only what has that time. led_by_...: by that index, where another would lead through all that is long over; see
-- tracker/leading.py. counted: how many are in each state, up to the limit. text0 to text4: patterns of the words word0
-- to word4, each of which stands in a text of the job or is another id of it: that is sought once, by the key of aliases.
SELECT found.state, count(*) FROM (SELECT jobs.state --? counted
SELECT {job_columns} --? no counted
  FROM jobs --? no by_label
       {by jobs_state} --? led_by_state
       {by jobs_open} --? led_by_open
       {by jobs_ended} --? led_by_ended
       {by jobs_started} --? led_by_started
       {by jobs_unstarted} --? led_by_unstarted
       {by jobs_with_error} --? led_by_error
  FROM labels AS l JOIN jobs ON jobs.tenant = l.tenant AND jobs.id = l.job --? by_label
 WHERE jobs.tenant = :tenant AND jobs.deleted_at IS NULL
   AND l.tenant = :tenant AND l.name = :label0 AND l.value = :value0 --? by_label
   AND jobs.id < :after --? after
   AND jobs.id > :behind --? behind
   AND jobs.id >= :floor --? floor
   AND jobs.id <= :ceiling --? ceiling
   AND jobs.ended_at IS NOT NULL --? by_end
   AND (jobs.ended_at, jobs.id) < (:ended_at, :last) --? ended_at
   AND (jobs.ended_at, jobs.id) >= (:ended_from, :first) --? ended_from
   AND jobs.started_at IS NOT NULL --? by_start
   AND (jobs.started_at, jobs.id) < (:started_at, :last) --? started_at
   AND (jobs.started_at, jobs.id) >= (:started_from, :first) --? started_from
   AND jobs.started_at IS NULL --? unstarted
   AND jobs.state = :state --? state
   AND jobs.ended_at IS NULL --? active
   AND jobs.ended_at IS NOT NULL --? ended
   AND {in jobs.id :ids} --? ids
   AND jobs.type = :type --? type
   AND jobs.session = :session --? session
   AND jobs.category = :category --? category
   AND jobs.owner = :owner --? owner
   AND jobs.parent = :parent --? parent
   AND jobs.restarted_from = :restarted_from --? restarted_from
   AND jobs.root = :root AND jobs.parent IS NOT NULL --? root
   AND jobs.id IN (SELECT a.job FROM aliases AS a WHERE a.tenant = :tenant AND a.kind = 'context' AND a.text = :context_id) --? context_id
   AND EXISTS (SELECT 1 FROM labels AS m WHERE m.tenant = :tenant AND m.name = :label1 AND m.value = :value1 AND m.job = jobs.id) --? label1
   AND EXISTS (SELECT 1 FROM labels AS m WHERE m.tenant = :tenant AND m.name = :label2 AND m.value = :value2 AND m.job = jobs.id) --? label2
   AND EXISTS (SELECT 1 FROM labels AS m WHERE m.tenant = :tenant AND m.name = :label3 AND m.value = :value3 AND m.job = jobs.id) --? label3
   AND EXISTS (SELECT 1 FROM labels AS m WHERE m.tenant = :tenant AND m.name = :label4 AND m.value = :value4 AND m.job = jobs.id) --? label4
   AND NOT ({in jobs.state :not_states}) --? not_states
   AND NOT ({in jobs.type :not_types}) --? not_types
   AND NOT ({in jobs.session :not_sessions}) --? not_sessions
   AND NOT ({in jobs.category :not_categories}) --? not_categories
   AND (jobs.owner IS NULL OR NOT ({in jobs.owner :not_owners})) --? not_owners
   AND NOT EXISTS (SELECT 1 FROM labels AS m, {given p :not_labels} WHERE m.tenant = :tenant AND m.job = jobs.id AND m.name || '=' || m.value = p.value) --? not_labels
   AND EXISTS (SELECT 1 FROM {given p :names} WHERE jobs.name {like} p.value ESCAPE '\') --? names
   AND NOT EXISTS (SELECT 1 FROM {given p :not_names} WHERE jobs.name {like} p.value ESCAPE '\') --? not_names
   AND jobs.error IS NOT NULL AND EXISTS (SELECT 1 FROM {given p :errors} WHERE {error_code} {like} p.value ESCAPE '\' OR {error_message} {like} p.value ESCAPE '\') --? errors
   AND (jobs.name {like} :text0 ESCAPE '\' OR jobs.type {like} :text0 ESCAPE '\' OR jobs.id {like} :text0 ESCAPE '\' OR {error_message} {like} :text0 ESCAPE '\' --? text0
        OR jobs.id IN (SELECT a.job FROM aliases AS a WHERE a.tenant = :tenant AND a.text = :word0)) --? text0
   AND (jobs.name {like} :text1 ESCAPE '\' OR jobs.type {like} :text1 ESCAPE '\' OR jobs.id {like} :text1 ESCAPE '\' OR {error_message} {like} :text1 ESCAPE '\' --? text1
        OR jobs.id IN (SELECT a.job FROM aliases AS a WHERE a.tenant = :tenant AND a.text = :word1)) --? text1
   AND (jobs.name {like} :text2 ESCAPE '\' OR jobs.type {like} :text2 ESCAPE '\' OR jobs.id {like} :text2 ESCAPE '\' OR {error_message} {like} :text2 ESCAPE '\' --? text2
        OR jobs.id IN (SELECT a.job FROM aliases AS a WHERE a.tenant = :tenant AND a.text = :word2)) --? text2
   AND (jobs.name {like} :text3 ESCAPE '\' OR jobs.type {like} :text3 ESCAPE '\' OR jobs.id {like} :text3 ESCAPE '\' OR {error_message} {like} :text3 ESCAPE '\' --? text3
        OR jobs.id IN (SELECT a.job FROM aliases AS a WHERE a.tenant = :tenant AND a.text = :word3)) --? text3
   AND (jobs.name {like} :text4 ESCAPE '\' OR jobs.type {like} :text4 ESCAPE '\' OR jobs.id {like} :text4 ESCAPE '\' OR {error_message} {like} :text4 ESCAPE '\' --? text4
        OR jobs.id IN (SELECT a.job FROM aliases AS a WHERE a.tenant = :tenant AND a.text = :word4)) --? text4
 ORDER BY jobs.id DESC --? no ordered
 ORDER BY l.job DESC --? label_newest
 ORDER BY l.job --? label_oldest
 ORDER BY jobs.id --? oldest
 ORDER BY jobs.ended_at DESC, jobs.id DESC --? by_end
 ORDER BY jobs.started_at DESC, jobs.id DESC --? by_start
 LIMIT :limit
) AS found GROUP BY found.state --? counted
