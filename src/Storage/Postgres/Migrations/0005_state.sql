-- What grains keep. The JSON is stored as it comes: jsonb would refuse texts that it may hold, change numbers, and costs more to write (docs/decisions/0007).
-- A row is written again and again; room left in its page keeps its new versions off the index.
create table statusmonitor.grain_state (
    name     text collate "C" not null,
    grain_id text collate "C" not null,
    etag     bigint           not null,
    data     bytea, -- JSON; null once cleared
    primary key (name, grain_id)
) with (fillfactor = 70);

create table statusmonitor.reminders (
    grain_id   text collate "C" not null,
    name       text collate "C" not null,
    grain_hash bigint           not null,
    etag       bigint           not null,
    start_at   bigint           not null, -- Unix milliseconds
    period_ms  bigint           not null,
    primary key (grain_id, name)
);
