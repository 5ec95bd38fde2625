-- Rollups of five minutes of the gauges of a host's four hours (History/FourHours.cs), for questions about many hosts. Those from before are read from their minutes.
create table statusmonitor.gauges (
    host_id bigint   not null,
    four    bigint   not null, -- four hours since 1970
    piece   smallint not null,
    data    bytea    not null, -- History/RollupCodec.cs
    primary key (host_id, four, piece)
) with (toast_tuple_target = 8160);

alter table statusmonitor.gauges alter column data set storage external;
create index gauges_four on statusmonitor.gauges (four);
