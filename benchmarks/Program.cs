using StatusMonitor.Benchmarks;

// Figures, not verdicts: each benchmark prints rates per second of CPU time, because machines are shared.
return args switch
{
    ["ingest", .. var rest] => await IngestBenchmark.RunAsync(rest),
    ["compare", _, ..] => await IngestBenchmark.CompareAsync(args[1..]),
    ["cluster", .. var rest] => await ClusterBenchmark.RunAsync(rest),
    ["heap", .. var rest] => await HeapBenchmark.RunAsync(rest),
    ["live", .. var rest] => await LiveBenchmark.RunAsync(rest),
    ["history", .. var rest] => await HistoryBenchmark.RunAsync(rest),
    ["alert-storm", .. var rest] => await AlertStormBenchmark.RunAsync(rest),
    ["login", .. var rest] => await LoginBenchmark.RunAsync(rest),
    ["agent", .. var rest] => await AgentBenchmark.RunAsync(rest),
    ["codec", .. var rest] => CodecBenchmark.Run(rest),
    ["alerts", .. var rest] => await AlertBenchmark.RunAsync(rest),
    ["fleet", .. var rest] => await FleetBenchmark.RunAsync(rest),
    ["query", .. var rest] => await QueryBenchmark.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run --project benchmarks -c Release -- BENCHMARK

          ingest [SECONDS]   reports per CPU second of the server, one and 64 in a request (20 s each)
          compare SERVER [TURNS]
                             this build's reports per CPU second against those of another build's statusmonitor-server.dll, in turns (12 turns)
          cluster PART ...   of two silos and a gateway on PostgreSQL; a build on Microsoft Orleans is needed (-p:Engine=Orleans). PART:
                             ingest [SECONDS [SERVER]]: as ingest, and the same of another build's whole server (statusmonitor-server.dll), on SQLite and PostgreSQL
                             death [HOSTS]: seconds until all hosts report again after a silo was killed (20,000 hosts)
          heap [HOSTS]       heap of a host that is online, 30 series, 15 minutes at 5 s (10,000 hosts)
          live [REPORTS]     milliseconds from an agent's post to the browser's frame (500 reports)
          history [PART]     bytes a value on disk, values compacted per CPU second, milliseconds of queries, what taking in loses to compaction, its memory (disk, queries, beside, memory; all)
          login [ATTEMPTS]   whether the time of a refused sign-in tells that there is an account (150 of each)
          alerts [TURNS]     CPU and allocation of a report with 20 rules on each host, and without (10 turns)
          agent [SECONDS]    memory and CPU of the agent at 5 s (60 s)
          alert-storm [HOSTS] seconds until the loss of all hosts at once is told, milliseconds of one alert (10,000 hosts)
          codec [HOSTS]      bytes a value of compressed history, and values per CPU second (50 hosts)
          fleet [HOSTS]      a fleet that reports every 10 s: making it, CPU and memory, pages of it, what a browser is sent, starting again (50,000 hosts)
          query [HOSTS [STORE [BEFORE]]]
                             milliseconds of server CPU by query of the history, with a day of each host stored (200 hosts; each store)
        """);
    return 2;
}
