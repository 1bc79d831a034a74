-- What was noted of a recall by mistake is taken back by its id; what was noted before has none.
alter type app.recall_contact add attribute id uuid;
