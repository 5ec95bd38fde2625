-- Who did what to what. Ids are given in the order of storing (Postgres/PostgresAuditLog.cs) and never twice, because pages are asked for by them.
-- Names may be in any script, so how they match is stored beside them; words of ours match in any case of their ASCII letters.
create table statusmonitor.audit (
    id          bigint generated always as identity primary key,
    at          bigint not null, -- Unix milliseconds
    actor_id    bigint,
    actor_name  text,
    actor_key   text,            -- the name in upper case
    action      text   not null,
    target_kind text,
    target_id   text,
    target_name text,
    address     text,
    outcome     text   not null,
    detail      text
);

create index audit_at on statusmonitor.audit (at);
create index audit_actor on statusmonitor.audit (actor_key) where actor_key is not null;
create index audit_target on statusmonitor.audit (lower(target_id collate "C")) where target_id is not null;

create function statusmonitor.audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'an entry of the audit log is never changed';
end;
$$;

create trigger audit_is_append_only before update on statusmonitor.audit
    for each row execute function statusmonitor.audit_is_append_only();
