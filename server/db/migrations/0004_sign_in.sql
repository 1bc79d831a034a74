-- Every push asks whether the one it names has ever signed in on that device.
create index audit_sign_in on app.audit_event (practice_id, device_id, actor_id) where action = 'sign_in';
