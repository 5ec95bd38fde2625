-- The data folder with SQLite that was moved here, one row or none. Until it is complete no server starts on this database.
create table statusmonitor.migrated_from (
    id           smallint    primary key default 1 check (id = 1),
    source       text        not null, -- machine and folder
    fingerprint  text        not null, -- of what the folder has: another one and it has changed since
    began_at     timestamptz not null default clock_timestamp(),
    completed_at timestamptz
);

-- How far each table is; written with its rows.
create table statusmonitor.migrated_tables (
    name     text    primary key,
    last_key text,             -- JSON: key of the last row that is here
    rows     bigint  not null,
    is_done  boolean not null
);
