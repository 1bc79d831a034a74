-- Makes the login that the server runs as, or gives it its password. Name and password come in as settings,
-- because a `do` block takes no parameters; `format` quotes them.
do $$
declare
  name text := current_setting('anteroom.login');
  secret text := current_setting('anteroom.password');
begin
  if not exists (select 1 from pg_roles where rolname = name) then
    begin execute format('create role %I login', name);
    exception when duplicate_object or unique_violation then null; end;
  end if;
  if secret <> '' then
    execute format('alter role %I password %L', name, secret);
  end if;
  if not exists (select 1 from pg_auth_members where roleid = 'app_rw'::regrole and member = to_regrole(quote_ident(name))) then
    begin execute format('grant app_rw to %I', name);
    exception when duplicate_object or unique_violation then null; end;
  end if;
end $$;
