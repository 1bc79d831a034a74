-- Roles belong to the whole cluster, not to one database, so they are no migration: this runs before every
-- migration and makes what is missing. Two databases may be set up at the same moment, and advisory locks do
-- not reach from one database into another: whoever loses the race finds the role there, which is all it wants.
do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'anteroom_owner') then
    begin create role anteroom_owner nologin; exception when duplicate_object or unique_violation then null; end;
  end if;
  if not exists (select 1 from pg_roles where rolname = 'app_rw') then
    begin create role app_rw nologin; exception when duplicate_object or unique_violation then null; end;
  end if;
  if not exists (select 1 from pg_roles where rolname = 'app_maint') then
    begin create role app_maint nologin; exception when duplicate_object or unique_violation then null; end;
  end if;
  if not exists (select 1 from pg_roles where rolname = 'app_backup') then
    begin create role app_backup nologin bypassrls; exception when duplicate_object or unique_violation then null; end;
  end if;
  if not pg_has_role(current_user, 'anteroom_owner', 'member') then
    begin execute format('grant anteroom_owner to %I', current_user);
    exception when duplicate_object or unique_violation then null; end;
  end if;
  -- The owner may make its two schemas here, and nobody else anything anywhere.
  execute format('grant create on database %I to anteroom_owner', current_database());
end $$;
