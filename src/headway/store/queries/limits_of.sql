SELECT key, used, most FROM limits WHERE tenant = :tenant AND {in key :keys}
