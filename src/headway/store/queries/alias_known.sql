-- Is the text an alias of anything? Most are none, and this costs a thirtieth of finding out of what.
SELECT 1 FROM aliases WHERE tenant = :tenant AND text = :text LIMIT 1
