-- Incidents and what is told of them. Times are Unix milliseconds. What is asked of these tables: Alerts/AlertQueries.cs.

-- Ids of transitions that were taken in: a repeat is known by them, also when it has been told. In the order they came, so that the oldest are dropped without an index of their times.
create table transitions (
    seq         integer primary key autoincrement,
    id          text    not null unique,
    accepted_at integer not null
);

-- Those an account's desk has still to tell of.
create table pending_transitions (
    seq        integer primary key autoincrement,
    id         text    not null unique,
    account_id integer not null,
    payload    text    not null
);

create index pending_transitions_account on pending_transitions (account_id, seq);

-- How much of an account waits, so that its bound costs nothing.
create table alert_accounts (
    account_id integer primary key,
    pending    integer not null,
    queued     integer not null
) without rowid;

create table incidents (
    id              text    primary key,
    account_id      integer not null,
    owner_id        integer not null, -- of the host
    host_id         integer not null,
    host_name       text    not null,
    rule_id         integer not null,
    rule_name       text    not null,
    severity        integer not null,
    series          text,
    opened_at       integer not null,
    value           real,
    rule            text    not null,
    text_key        text    not null, -- what it is found by, in upper case
    state           integer not null, -- 0 open, 1 acknowledged, 2 resolved
    resolved_at     integer,
    acknowledged_at integer,
    acknowledged_by text,
    peak            real,
    is_flapping     integer not null,
    has_no_data     integer not null,
    is_found_late   integer not null,
    comments        integer not null,
    next_at         integer,
    step            integer not null,
    events          integer not null  -- number of the last event
);

-- Each way to look at them has an index that gives the newest first; other filters pass over what does not match.
create index incidents_all on incidents (opened_at, id);
create index incidents_account on incidents (account_id, opened_at, id);
create index incidents_host on incidents (host_id, opened_at, id);
create index incidents_foreign on incidents (host_id, opened_at, id) where owner_id <> account_id; -- what others' rules found
create index incidents_active on incidents (opened_at, id) where state < 2;
create index incidents_active_account on incidents (account_id, opened_at, id) where state < 2;
create index incidents_next on incidents (account_id, next_at) where next_at is not null;
create index incidents_resolved on incidents (resolved_at) where resolved_at is not null;

create table incident_events (
    incident_id text    not null,
    n           integer not null, -- from 1, in the order of storing
    at          integer not null,
    kind        text    not null,
    actor       text,
    text        text,
    value       real,
    data        text,
    primary key (incident_id, n)
) without rowid;

create table notifications (
    seq        integer primary key autoincrement,
    id         text    not null unique,
    account_id integer not null,
    channel_id integer not null,
    created_at integer not null,
    title      text    not null,
    payload    text    not null,
    incidents  text    not null, -- JSON
    state      integer not null, -- 0 queued, 1 sent, 2 dead
    attempts   integer not null,
    due_at     integer not null,
    error      text,
    reference  text
);

create index notifications_account on notifications (account_id, state, seq);
create index notifications_queued on notifications (account_id, due_at, seq) where state = 0;
create index notifications_done on notifications (due_at) where state <> 0;

create table incident_notifications (
    incident_id  text    not null,
    notification integer not null,
    primary key (incident_id, notification)
) without rowid;

-- What clients of the older StatusMonitor read of its rules. Ids are never given twice.
create table classic_alerts (
    id          integer primary key autoincrement,
    account_id  integer not null,
    host_id     integer not null,
    metric      text    not null,
    accepted_at integer not null,
    payload     text    not null
);

create index classic_alerts_account on classic_alerts (account_id, id);
create index classic_alerts_host on classic_alerts (host_id);
