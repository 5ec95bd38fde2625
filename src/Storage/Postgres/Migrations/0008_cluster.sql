-- The members of a cluster. Orleans asks for all of this by the texts in orleansquery, whose table, keys, parameters and column names in the results are its own; how it is kept is ours.
-- Every change of the members has the number after the one it was decided on, so of two that were decided at once one is refused. Parameters of Orleans' commands have types; the texts need no casts.
create table statusmonitor.cluster_versions (
    cluster    text collate "C" primary key,
    version    integer     not null default 0,
    changed_at timestamptz not null default now()
);

create table statusmonitor.cluster_silos (
    cluster       text collate "C" not null references statusmonitor.cluster_versions (cluster) on delete cascade,
    address       text collate "C" not null,
    port          integer          not null,
    generation    integer          not null,
    silo_name     text             not null,
    host_name     text             not null,
    status        integer          not null,
    gateway_port  integer          not null,
    suspect_times text,
    started_at    timestamptz(3)   not null,
    alive_at      timestamptz(3)   not null,
    primary key (cluster, address, port, generation)
);

create table statusmonitor.orleansquery (
    querykey  text primary key,
    querytext text not null
);

insert into statusmonitor.orleansquery (querykey, querytext) values
('InsertMembershipVersionKey', $q$
    with made as (
        insert into statusmonitor.cluster_versions (cluster) values (@DeploymentId) on conflict do nothing returning 1)
    select count(*)::integer from made
$q$),
('InsertMembershipKey', $q$
    with step as (
        update statusmonitor.cluster_versions set version = version + 1, changed_at = now()
        where cluster = @DeploymentId and version = @Version and not exists (
            select 1 from statusmonitor.cluster_silos
            where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
        returning cluster),
    made as (
        insert into statusmonitor.cluster_silos (cluster, address, port, generation, silo_name, host_name, status, gateway_port, started_at, alive_at)
        select cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime from step
        returning 1)
    select count(*)::integer from made
$q$),
('UpdateMembershipKey', $q$
    with step as (
        update statusmonitor.cluster_versions set version = version + 1, changed_at = now()
        where cluster = @DeploymentId and version = @Version and exists (
            select 1 from statusmonitor.cluster_silos
            where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
        returning cluster),
    made as (
        update statusmonitor.cluster_silos silo set status = @Status, suspect_times = @SuspectTimes, alive_at = @IAmAliveTime
        from step
        where silo.cluster = step.cluster and silo.address = @Address and silo.port = @Port and silo.generation = @Generation
        returning 1)
    select count(*)::integer from made
$q$),
('UpdateIAmAlivetimeKey', $q$
    update statusmonitor.cluster_silos set alive_at = @IAmAliveTime
    where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$q$),
('MembershipReadRowKey', $q$
    select v.cluster as DeploymentId, s.address as Address, s.port as Port, s.generation as Generation, s.silo_name as SiloName, s.host_name as HostName, s.status as Status,
        s.gateway_port as ProxyPort, s.suspect_times as SuspectTimes, s.started_at as StartTime, s.alive_at as IAmAliveTime, v.version as Version
    from statusmonitor.cluster_versions v
        left join statusmonitor.cluster_silos s on s.cluster = v.cluster and s.address = @Address and s.port = @Port and s.generation = @Generation
    where v.cluster = @DeploymentId
$q$),
('MembershipReadAllKey', $q$
    select v.cluster as DeploymentId, s.address as Address, s.port as Port, s.generation as Generation, s.silo_name as SiloName, s.host_name as HostName, s.status as Status,
        s.gateway_port as ProxyPort, s.suspect_times as SuspectTimes, s.started_at as StartTime, s.alive_at as IAmAliveTime, v.version as Version
    from statusmonitor.cluster_versions v left join statusmonitor.cluster_silos s on s.cluster = v.cluster
    where v.cluster = @DeploymentId
$q$),
('GatewaysQueryKey', $q$
    select address as Address, gateway_port as ProxyPort, generation as Generation from statusmonitor.cluster_silos
    where cluster = @DeploymentId and status = @Status and gateway_port > 0
$q$),
('DeleteMembershipTableEntriesKey', $q$
    delete from statusmonitor.cluster_versions where cluster = @DeploymentId
$q$),
-- 3 is a silo that is at work.
('CleanupDefunctSiloEntriesKey', $q$
    delete from statusmonitor.cluster_silos where cluster = @DeploymentId and alive_at < @IAmAliveTime and status <> 3
$q$);

-- What all servers on the database must have alike, as the key that sessions are signed with.
create table statusmonitor.secrets (
    name  text primary key,
    value text not null
);
