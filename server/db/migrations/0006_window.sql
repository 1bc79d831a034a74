-- The date window: patients with whom nobody had to do for long are set aside, and devices hold only the index of them.
alter table app.membership add column set_aside boolean not null default false;
