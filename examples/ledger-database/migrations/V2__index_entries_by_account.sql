create index entries_by_account on entries (account, booked_at);
