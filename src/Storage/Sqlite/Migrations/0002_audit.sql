-- Who did what to what. The id is never given twice, however much is dropped, because pages are asked for by it.
-- Words of ours match in any case by their collation; names may be in any script, so how they match is stored beside them.
create table audit (
    id          integer primary key autoincrement,
    at          integer not null, -- Unix milliseconds
    actor_id    integer,
    actor_name  text,
    actor_key   text,             -- the name in upper case
    action      text    not null collate nocase,
    target_kind text    collate nocase,
    target_id   text    collate nocase,
    target_name text,
    address     text,
    outcome     text    not null collate nocase,
    detail      text
);

-- Other filters pass over what does not match, from the newest entry on: 0.2 s for a million.
create index audit_at on audit (at);
create index audit_actor on audit (actor_key) where actor_key is not null;
create index audit_target on audit (target_id) where target_id is not null;

create trigger audit_is_append_only before update on audit
begin
    select raise(abort, 'an entry of the audit log is never changed');
end;
