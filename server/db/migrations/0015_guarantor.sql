-- Someone around a patient who is a patient, too.
alter table app.related_person add column own_record_id uuid;
alter table app.related_person add foreign key (practice_id, own_record_id) references app.patient;
