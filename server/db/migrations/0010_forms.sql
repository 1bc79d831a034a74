-- Forms that practices write themselves: who is asked, how answers are summed up, and answers without a submission.
create type app.score as (total integer, band app.wording);

alter table app.questionnaire add column replaces_id uuid;
-- What sums mean is open, as the questions are.
alter table app.questionnaire add column scoring jsonb;
alter table app.questionnaire add column signature_required boolean not null default false;
alter table app.questionnaire add column audience text not null default 'everyone'
  check (audience in ('everyone', 'visit'));
alter table app.questionnaire add column valid_days integer check (valid_days > 0);
alter table app.questionnaire add column retired boolean not null default false;
alter table app.questionnaire add foreign key (practice_id, replaces_id) references app.questionnaire;
create index on app.questionnaire (practice_id, replaces_id);
-- What was published before there was a choice was asked of everyone. From here on, whoever writes says who is asked.
alter table app.questionnaire alter column signature_required drop default;
alter table app.questionnaire alter column audience drop default;
alter table app.questionnaire alter column retired drop default;

alter table app.questionnaire_response alter column intake_id drop not null;
-- No reference: answers are written before the appointments of the same batch.
alter table app.questionnaire_response add column appointment_id uuid;
alter table app.questionnaire_response add column score app.score;
alter table app.questionnaire_response add column attention boolean not null default false;
alter table app.questionnaire_response add column authored_by text;
alter table app.questionnaire_response add column language text check (language in ('en', 'es'));
alter table app.questionnaire_response add column signature app.signature;
alter table app.questionnaire_response alter column attention drop default;
