-- Samples in the long run: encoded by host and hour (History/ChunkCodec.cs). Part 0 is the compacted hour; higher parts are pieces as the logs brought them,
-- which wait to be merged into it. A table with row ids, because of one without SQLite would leave half of each overflow page empty.
create table chunks (
    id            integer primary key,
    host_id       integer not null,
    hour          integer not null, -- hours since the Unix epoch
    part          integer not null,
    from_at       integer not null, -- collection times, Unix milliseconds; both ends are samples
    to_at         integer not null,
    count         integer not null, -- samples
    last_seq      integer not null, -- of the newest sample, likewise the next two
    last_received integer not null,
    last_interval integer not null,
    minutes       blob,             -- History/RollupCodec.cs; of part 0 alone. Before the samples, so that reading it reads nothing of them.
    samples       blob              -- null once they are kept no longer
);

create unique index chunks_place on chunks (host_id, hour, part);

-- What is to be compacted, and what the sweep will find: everything else is left out, so that they cost the ingest little.
create index chunks_waiting on chunks (hour, host_id) where part > 0;
create index chunks_with_samples on chunks (hour) where part = 0 and samples is not null;
create index chunks_with_minutes on chunks (hour) where minutes is not null;

-- Rollups of fifteen minutes.
create table days (
    id      integer primary key,
    host_id integer not null,
    day     integer not null, -- days since the Unix epoch
    data    blob    not null  -- History/RollupCodec.cs
);

create unique index days_place on days (host_id, day);
create index days_by_day on days (day);

-- What the blobs of these tables take, kept up by whoever writes them: adding it up would read the whole database.
create table history_size (
    pieces        integer not null,
    piece_bytes   integer not null,
    sample_bytes  integer not null,
    minute_bytes  integer not null,
    quarter_bytes integer not null
);

insert into history_size values (0, 0, 0, 0, 0);

-- When the series was first and last seen with a value, Unix milliseconds; of compacted hours alone.
alter table series add column first_at integer;
alter table series add column last_at integer;

-- From when to when a server was there, Unix milliseconds.
create table server_runs (
    from_at integer primary key,
    to_at   integer not null
);
