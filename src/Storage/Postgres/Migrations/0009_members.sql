-- What each process of a server last said of itself, silos, gateways and those that stand by alike. After a crash of the database they say it again within seconds, so it need not be written ahead.
create unlogged table statusmonitor.members (
    cluster    text collate "C" not null,
    name       text collate "C" not null,
    address    text collate "C" not null,
    started_at timestamptz      not null,
    beat_at    timestamptz      not null,
    facts      text             not null,
    primary key (cluster, name, address)
);
