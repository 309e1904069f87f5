-- By what an instance knows that a replica follows its primary: it leaves a mark here and sees it there. A row for each replica that is taken;
-- what is older than an hour goes with the next.

create table replication_marks (
  mark uuid primary key,
  made_at timestamptz(3) not null default now()
);

alter table replication_marks enable row level security, force row level security;
create policy replication_marks_of_the_service on replication_marks using (true);
grant select, insert, delete on replication_marks to brownie_app;
