create table entries (
  id bigint generated always as identity primary key,
  account text not null,
  amount numeric(14, 2) not null,
  booked_at timestamptz not null default now()
);
