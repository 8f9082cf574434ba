SELECT type FROM types WHERE tenant = :tenant
