-- The catalogue: what number the rows of a host know a series by.
create table statusmonitor.series (
    host_id   bigint  not null,
    series_id integer not null,
    name      text    not null,
    primary key (host_id, series_id)
);

-- From when to when the series of a host have values, of what is compacted: Unix milliseconds, as all times here. One row for all of them,
-- because each compaction changes nearly all; the room that is left on a page saves it the index.
create table statusmonitor.series_times (
    host_id    bigint    primary key,
    series_ids integer[] not null,
    first_at   bigint[]  not null,
    last_at    bigint[]  not null
) with (fillfactor = 70);

-- The journal: rows as they came, one partition for each hour of collection (Postgres/JournalPartitions.cs). The index is not unique: a row
-- is looked up before it is stored, reads count a time once, and a copy of many hosts' rows must not fail for one of them.
create table statusmonitor.journal (
    host_id     bigint  not null,
    at          bigint  not null, -- collection time
    received    bigint  not null, -- time of receipt
    seq         bigint  not null,
    interval_ms integer not null,
    samples     bytea   not null  -- Samples/SampleRow.cs
) partition by range (at);

create index journal_host_at on statusmonitor.journal (host_id, at);

-- What lies far in the past or the future.
create table statusmonitor.journal_default partition of statusmonitor.journal default;

-- How many rows of a host in an hour's partition are in its chunk already. The partition is dropped once that is all of them.
create table statusmonitor.compacted (
    hour    bigint not null, -- hours since 1970
    host_id bigint not null,
    rows    bigint not null,
    primary key (hour, host_id)
);

-- Samples of a host's hour. Once they are kept no longer the row goes, but for a host's newest, which tells when it was last heard.
create table statusmonitor.chunks (
    host_id       bigint  not null,
    hour          bigint  not null,
    from_at       bigint  not null,
    to_at         bigint  not null, -- of the newest sample, like the rest of these
    last_seq      bigint  not null,
    last_received bigint  not null,
    last_interval integer not null,
    count         integer not null,
    samples       bytea,            -- History/ChunkCodec.cs
    primary key (host_id, hour)
);

create index chunks_hour on statusmonitor.chunks (hour);

-- Rollups of a minute, of a host's hour.
create table statusmonitor.minutes (
    host_id bigint not null,
    hour    bigint not null,
    data    bytea  not null, -- History/RollupCodec.cs
    primary key (host_id, hour)
);

create index minutes_hour on statusmonitor.minutes (hour);

-- Rollups of fifteen minutes, of a host's day in UTC.
create table statusmonitor.days (
    host_id bigint not null,
    day     bigint not null, -- days since 1970
    data    bytea  not null,
    primary key (host_id, day)
);

create index days_day on statusmonitor.days (day);

-- All of these are compressed already; PostgreSQL need not try again.
alter table statusmonitor.chunks alter column samples set storage external;
alter table statusmonitor.minutes alter column data set storage external;
alter table statusmonitor.days alter column data set storage external;

-- When a server was there to hear hosts.
create table statusmonitor.server_runs (
    from_at bigint primary key,
    to_at   bigint not null
);

-- Who does what only one server at a time may do.
create table statusmonitor.leases (
    name  text        primary key,
    owner uuid        not null,
    until timestamptz not null
);
