-- Which of several servers that stand by for each other is the one that writes (Postgres/Leadership.cs). Each that takes over raises the epoch, and what still
-- writes with an earlier one is refused. The leader raises the beat every second or so; who waits looks whether it still does.
create table statusmonitor.leadership (
    is_only boolean primary key default true check (is_only),
    epoch   bigint not null,
    leader  text, -- name of the server; null if it has left in order, or none was there yet
    beat    bigint not null
) with (fillfactor = 10);

insert into statusmonitor.leadership (epoch, leader, beat) values (0, null, 0);

-- The first statement of every transaction that writes for a leader. The lock is AdvisoryLocks.Fence: whoever takes over has it alone while the epoch changes, so a
-- transaction that was let through has ended by then, and one that comes later sees the new epoch, because a statement in here sees what was committed before it.
create function statusmonitor.fence(mine bigint) returns void language plpgsql as $$
declare
    present bigint;
begin
    perform pg_advisory_xact_lock_shared(6013538554589675524);
    select epoch into present from statusmonitor.leadership;
    if present <> mine then
        raise exception 'another server has taken over: the epoch is %, and this writes with %', present, mine using errcode = 'SM001';
    end if;
end;
$$;
