-- The catalogue: what number the rows of a host know a series by.
create table series (
    host_id   integer not null,
    series_id integer not null,
    name      text    not null,
    primary key (host_id, series_id)
) without rowid;

-- The journal, clustered by host and time: the key is the sample's identity, and a host's recent past is one range.
create table journal (
    host_id     integer not null,
    at          integer not null, -- collection time, Unix milliseconds
    received    integer not null, -- time of receipt, Unix milliseconds
    seq         integer not null,
    interval_ms integer not null,
    samples     blob    not null, -- Samples/SampleRow.cs
    primary key (host_id, at)
) without rowid;

-- Where rows are first written, in the order they come: a commit then touches a few pages, not one for each host.
-- One log fills while the other is moved into the journal and emptied (Sqlite/SqliteSampleJournal.cs).
create table journal_log_0 (
    host_id     integer not null,
    at          integer not null,
    received    integer not null,
    seq         integer not null,
    interval_ms integer not null,
    samples     blob    not null
);

create table journal_log_1 (
    host_id     integer not null,
    at          integer not null,
    received    integer not null,
    seq         integer not null,
    interval_ms integer not null,
    samples     blob    not null
);

create table grain_state (
    name     text    not null,
    grain_id text    not null,
    etag     integer not null,
    data     blob, -- JSON; null once cleared
    primary key (name, grain_id)
) without rowid;

create table reminders (
    grain_id   text    not null,
    name       text    not null,
    grain_hash integer not null,
    etag       integer not null,
    start_at   integer not null, -- Unix milliseconds
    period_ms  integer not null,
    primary key (grain_id, name)
) without rowid;
