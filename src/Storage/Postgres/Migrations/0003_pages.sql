-- The catalogue: the series a host brought at once are one row, which is never changed. Whoever numbers on from where the host's last row ended
-- meets the key if another did so before.
create table statusmonitor.catalogue (
    host_id  bigint  not null,
    first_id integer not null, -- number of the first; the others follow
    names    text[]  not null,
    primary key (host_id, first_id)
);

insert into statusmonitor.catalogue (host_id, first_id, names)
select host_id, min(series_id), array_agg(name order by series_id)
from (select *, series_id - row_number() over (partition by host_id order by series_id) as run from statusmonitor.series) s
group by host_id, run;

-- What is compacted of a host, in one row because each compaction changes all of it; the room that is left on a page saves it the index.
create table statusmonitor.host_times (
    host_id         bigint   primary key,
    newest_at       bigint   not null, -- of the newest sample, like the next three
    newest_received bigint   not null,
    newest_seq      bigint   not null,
    newest_interval integer  not null,
    series          bigint[] not null  -- from when to when series have values (Postgres/HostTimes.cs)
) with (fillfactor = 85);

insert into statusmonitor.host_times
select c.host_id, c.to_at, c.last_received, c.last_seq, c.last_interval,
    coalesce((
        select array_agg(v.number order by u.series_id, v.place)
        from unnest(t.series_ids, t.first_at, t.last_at) u(series_id, first_at, last_at),
            unnest(array[u.series_id, 1, u.first_at, u.last_at]) with ordinality v(number, place)), '{}')
from (select distinct on (host_id) host_id, to_at, last_received, last_seq, last_interval from statusmonitor.chunks order by host_id, hour desc) c
left join statusmonitor.series_times t using (host_id);

drop table statusmonitor.series, statusmonitor.series_times;

-- Encoded hours and days, in pieces that fill pages (Postgres/Pieces.cs). They are compressed already and never longer than a page, so PostgreSQL need neither
-- try the one nor cut them itself. What is there is moved: room for it must be on the disk twice for a moment.
create function statusmonitor.cut(data bytea) returns table (piece smallint, part bytea) language sql immutable as $$
    select i::smallint, substring(data from i * size + 1 for size)
    from (
        select count, ceil(length(data) / count::numeric)::integer as size
        from generate_series(greatest(1, (length(data) + 8099) / 8100), greatest(1, (length(data) + 8099) / 8100) + 5) count
        order by count / floor(8168 / (ceil(length(data) / count::numeric) + 56)), count limit 1) s,
        generate_series(0, count - 1) i
$$;

create table statusmonitor.chunks_cut (
    host_id bigint   not null,
    hour    bigint   not null, -- hours since 1970
    piece   smallint not null,
    data    bytea    not null  -- History/ChunkCodec.cs
) with (toast_tuple_target = 8160);

create table statusmonitor.minutes_cut (
    host_id bigint   not null,
    hour    bigint   not null,
    piece   smallint not null,
    data    bytea    not null  -- History/RollupCodec.cs
) with (toast_tuple_target = 8160);

create table statusmonitor.days_cut (
    host_id bigint   not null,
    day     bigint   not null, -- days since 1970, UTC
    piece   smallint not null,
    data    bytea    not null  -- History/RollupCodec.cs
) with (toast_tuple_target = 8160);

alter table statusmonitor.chunks_cut alter column data set storage external;
alter table statusmonitor.minutes_cut alter column data set storage external;
alter table statusmonitor.days_cut alter column data set storage external;

insert into statusmonitor.chunks_cut select host_id, hour, piece, part from statusmonitor.chunks, statusmonitor.cut(samples) where samples is not null order by hour, host_id, piece;
drop table statusmonitor.chunks;
insert into statusmonitor.minutes_cut select host_id, hour, piece, part from statusmonitor.minutes, statusmonitor.cut(data) order by hour, host_id, piece;
drop table statusmonitor.minutes;
insert into statusmonitor.days_cut select host_id, day, piece, part from statusmonitor.days, statusmonitor.cut(data) order by day, host_id, piece;
drop table statusmonitor.days;
drop function statusmonitor.cut(bytea);

alter table statusmonitor.chunks_cut rename to chunks;
alter table statusmonitor.minutes_cut rename to minutes;
alter table statusmonitor.days_cut rename to days;

alter table statusmonitor.chunks add primary key (host_id, hour, piece);
alter table statusmonitor.minutes add primary key (host_id, hour, piece);
alter table statusmonitor.days add primary key (host_id, day, piece);

create index chunks_hour on statusmonitor.chunks (hour);
create index minutes_hour on statusmonitor.minutes (hour);
create index days_day on statusmonitor.days (day);
