create table entries (id bigint primary key, account text not null, amount numeric(14, 2) not null);
