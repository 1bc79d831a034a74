-- The worker's tables come with row-level security on and nobody let in. Whoever serves may use them: what they hold is
-- of the whole server.
grant usage on schema jobs to app_rw, app_backup;
grant select, insert, update, delete on all tables in schema jobs to app_rw;
grant usage, select on all sequences in schema jobs to app_rw;
grant select on all tables in schema jobs to app_backup;
grant select on all sequences in schema jobs to app_backup;
do $$
declare
  t regclass;
begin
  for t in select c.oid from pg_class c
    where c.relnamespace = 'jobs'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
      and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'serves')
  loop
    execute format('create policy serves on %s to app_rw using (true) with check (true)', t);
  end loop;
end $$;
