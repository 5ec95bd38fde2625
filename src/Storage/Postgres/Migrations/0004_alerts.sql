-- Incidents and what is told of them. Times are Unix milliseconds. What is asked of these tables: Alerts/AlertQueries.cs.

-- Ids of transitions that were taken in: a repeat is known by them, also when it has been told. In the order they came, so that the oldest are dropped without an index of their times.
create table statusmonitor.transitions (
    seq         bigint generated always as identity primary key,
    id          text   not null unique,
    accepted_at bigint not null
);

-- Those an account's desk has still to tell of.
create table statusmonitor.pending_transitions (
    seq        bigint generated always as identity primary key,
    id         text   not null unique,
    account_id bigint not null,
    payload    text   not null
);

create index pending_transitions_account on statusmonitor.pending_transitions (account_id, seq);

-- How much of an account waits, so that its bound costs nothing. Whoever changes what waits takes its row first: servers take turns, and ids ascend as they are seen.
create table statusmonitor.alert_accounts (
    account_id bigint  primary key,
    pending    integer not null,
    queued     integer not null
);

create table statusmonitor.incidents (
    id              text     collate "C" primary key,
    account_id      bigint   not null,
    owner_id        bigint   not null, -- of the host
    host_id         bigint   not null,
    host_name       text     not null,
    rule_id         bigint   not null,
    rule_name       text     not null,
    severity        integer  not null,
    series          text,
    opened_at       bigint   not null,
    value           double precision,
    rule            text     not null,
    text_key        text     not null, -- what it is found by, in upper case
    state           integer  not null, -- 0 open, 1 acknowledged, 2 resolved
    resolved_at     bigint,
    acknowledged_at bigint,
    acknowledged_by text,
    peak            double precision,
    is_flapping     boolean  not null,
    has_no_data     boolean  not null,
    is_found_late   boolean  not null,
    comments        integer  not null,
    next_at         bigint,
    step            integer  not null,
    events          integer  not null  -- number of the last event
);

-- Each way to look at them has an index that gives the newest first; other filters pass over what does not match.
create index incidents_all on statusmonitor.incidents (opened_at, id);
create index incidents_account on statusmonitor.incidents (account_id, opened_at, id);
create index incidents_host on statusmonitor.incidents (host_id, opened_at, id);
create index incidents_foreign on statusmonitor.incidents (host_id, opened_at, id) where owner_id <> account_id; -- what others' rules found
create index incidents_active on statusmonitor.incidents (opened_at, id) where state < 2;
create index incidents_active_account on statusmonitor.incidents (account_id, opened_at, id) where state < 2;
create index incidents_next on statusmonitor.incidents (account_id, next_at) where next_at is not null;
create index incidents_resolved on statusmonitor.incidents (resolved_at) where resolved_at is not null;

create table statusmonitor.incident_events (
    incident_id text    not null,
    n           integer not null, -- from 1, in the order of storing
    at          bigint  not null,
    kind        text    not null,
    actor       text,
    text        text,
    value       double precision,
    data        text,
    primary key (incident_id, n)
);

create table statusmonitor.notifications (
    seq        bigint  generated always as identity primary key,
    id         text    not null unique,
    account_id bigint  not null,
    channel_id bigint  not null,
    created_at bigint  not null,
    title      text    not null,
    payload    text    not null,
    incidents  text    not null, -- JSON
    state      integer not null, -- 0 queued, 1 sent, 2 dead
    attempts   integer not null,
    due_at     bigint  not null,
    error      text,
    reference  text
);

create index notifications_account on statusmonitor.notifications (account_id, state, seq);
create index notifications_queued on statusmonitor.notifications (account_id, due_at, seq) where state = 0;
create index notifications_done on statusmonitor.notifications (due_at) where state <> 0;

create table statusmonitor.incident_notifications (
    incident_id  text   not null,
    notification bigint not null,
    primary key (incident_id, notification)
);

-- What clients of the older StatusMonitor read of its rules. Ids are never given twice.
create table statusmonitor.classic_alerts (
    id          bigint generated always as identity primary key,
    account_id  bigint not null,
    host_id     bigint not null,
    metric      text   not null,
    accepted_at bigint not null,
    payload     text   not null
);

create index classic_alerts_account on statusmonitor.classic_alerts (account_id, id);
create index classic_alerts_host on statusmonitor.classic_alerts (host_id);
