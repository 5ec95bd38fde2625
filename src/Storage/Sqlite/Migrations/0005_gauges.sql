-- Rollups of five minutes of the gauges of a host's four hours (History/FourHours.cs), for questions about many hosts. Those from before are read from their minutes.
create table gauges (
    id      integer primary key,
    host_id integer not null,
    four    integer not null, -- four hours since the Unix epoch
    data    blob    not null  -- History/RollupCodec.cs
);

create unique index gauges_place on gauges (host_id, four);
create index gauges_by_four on gauges (four);
