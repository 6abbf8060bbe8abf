-- kedge: irreversible
alter table entries drop column if exists notes;
