using System.Buffers;
using System.Globalization;
using System.Text.Json;
using StatusMonitor.Agent.Collectors;
using StatusMonitor.Agent.Spool;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Connection;

/// <summary>
/// Brings the reports of the queue to the server: oldest first, one request at a time, each until it is acknowledged.
/// A report that the server will never take is dropped, and that is said; everything else waits.
/// </summary>
internal sealed class ReportSender
{
    /// <summary>Reports of one request while a spool is drained; far below what a server accepts, so that its answer comes soon.</summary>
    public const int MaxReports = 64;

    /// <summary>Uncompressed size of one request, if it is more than one report; half of what a server accepts.</summary>
    public const int MaxBytes = ReportLimits.MaxBodyBytes / 2;

    private const int SentAtLength = 24;

    private readonly ReportQueue _queue;
    private readonly ReportClients _clients;
    private readonly RetryPolicy _retry;
    private readonly TimeProvider _time;
    private readonly AgentLog _log;
    private readonly LossLog _losses;
    private readonly ProcessTop _processes;
    private readonly ByteBuffer _body = new();

    // A whole spool that is refused must not become a flood of requests.
    private static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromMilliseconds(100);

    /// <summary>The first part of a body that tells who reports; null once the server knows it.</summary>
    private byte[]? _agentJson;

    private bool _isAgentSuspected;
    private int _maxReports = MaxReports;

    // What was last said about each address since reports arrived, so that it is said once and not at every attempt.
    private readonly Dictionary<Uri, DeliveryResult> _said = [];
    private Uri? _arrivesAt;
    private long _failingSince;
    private bool _isDraining;

    public ReportSender(ReportQueue queue, ReportClients clients, RetryPolicy retry, AgentInfo agent, ProcessTop processes, TimeProvider time, AgentLog log)
    {
        _processes = processes;
        _queue = queue;
        _clients = clients;
        _retry = retry;
        _time = time;
        _log = log;
        _losses = new LossLog(log, time);
        _agentJson = JsonSerializer.SerializeToUtf8Bytes(agent, ProtocolJson.Default.AgentInfo);
    }

    /// <summary>Sends until cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, as is the only way to end it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _queue.WaitAsync(cancellationToken);
            var hasAgent = _agentJson is not null && !_isAgentSuspected;
            var count = WriteBody(hasAgent, out var hasProcesses, out var last);
            if (count == 0) continue;

            var delivery = await _clients.Current.SendAsync(_body.Written, cancellationToken);
            switch (delivery.Result)
            {
                case DeliveryResult.Accepted:
                    if (delivery.AskedProcesses > 0) _processes.Prime(delivery.AskedProcesses);
                    OnAccepted(last, hasAgent);
                    break;

                case DeliveryResult.ContentRefused:
                    // What was told of processes is told once; without it the same reports may do.
                    if (!hasProcesses) OnContentRefused(delivery, count, last, hasAgent);
                    await Task.Delay(PauseAfterRefusal, _time, cancellationToken);
                    break;

                default:
                    Say(delivery);
                    if (_clients.MoveOn(delivery)) break;
                    await Task.Delay(_retry.WaitAfter(delivery), _time, cancellationToken);
                    break;
            }
        }
    }

    /// <summary>Writes the JSON of a <see cref="ReportBatch"/> around reports that are JSON already.</summary>
    private int WriteBody(bool hasAgent, out bool hasProcesses, out long last)
    {
        _body.Clear();
        _body.Write("{\"sentAt\":\""u8);
        _time.GetUtcNow().TryFormat(_body.GetSpan(SentAtLength), out var length, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        _body.Advance(length);
        _body.Write("\","u8);
        var processes = _processes.Take();
        hasProcesses = processes is not null;
        if (processes is not null)
        {
            _body.Write("\"processes\":"u8);
            _body.Write(JsonSerializer.SerializeToUtf8Bytes(processes, ProtocolJson.Default.IReadOnlyListProcessUsage));
            _body.Write(","u8);
        }

        if (hasAgent)
        {
            _body.Write("\"agent\":"u8);
            _body.Write(_agentJson);
            _body.Write(","u8);
        }

        _body.Write("\"reports\":["u8);
        var count = _queue.Peek(_body, _maxReports, MaxBytes, out last);
        _body.Write("]}"u8);
        return count;
    }

    private void OnAccepted(long last, bool hadAgent)
    {
        _queue.Acknowledge(last);
        _retry.Reset();
        _clients.Stay();
        _maxReports = Math.Min(2 * _maxReports, MaxReports);
        if (hadAgent)
        {
            _agentJson = null;
        }
        else if (_isAgentSuspected)
        {
            // The same reports were refused with it and accepted without it.
            _log.Warning("The server does not accept the description of this machine; it will be known by its name there only.");
            (_agentJson, _isAgentSuspected) = (null, false);
        }

        SayItWorks();
    }

    private void OnContentRefused(Delivery delivery, int count, long last, bool hadAgent)
    {
        // The server answers, so there is nothing to back off from: each round ends with fewer reports to blame, or with one dropped.
        _retry.Reset();
        if (hadAgent)
        {
            _isAgentSuspected = true;
            return;
        }

        // It was not the description of the machine: that was not sent.
        _isAgentSuspected = false;
        if (count > 1)
        {
            _maxReports = count / 2;
            return;
        }

        _queue.Acknowledge(last);
        _losses.Lost(1, delivery.Reason);
    }

    private void Say(Delivery delivery)
    {
        var server = _clients.Current.Server;
        if (_said.TryGetValue(server, out var before) && before == delivery.Result) return;
        if (_said.Count == 0) _failingSince = _time.GetTimestamp();
        _said[server] = delivery.Result;
        _log.Warning($"{delivery.Reason} Reports are kept and sent as soon as possible.");
    }

    private void SayItWorks()
    {
        var waiting = _queue.Count;
        var server = _clients.Current.Server;
        if (_said.ContainsKey(server) && (_arrivesAt ?? server) == server)
        {
            _log.Info($"The server is back after {Rough(_time.GetElapsedTime(_failingSince))}.{Backlog(waiting)}");
            _isDraining = waiting > 0;
        }
        else if (_arrivesAt != server)
        {
            _log.Info($"Reports arrive at {server}.{Backlog(waiting)}");
            _isDraining = waiting > 0;
        }
        else if (_isDraining && waiting == 0)
        {
            _log.Info("All spooled reports are sent.");
            _isDraining = false;
        }

        _arrivesAt = server;
        _said.Clear();
    }

    private static string Backlog(int waiting) => waiting switch
    {
        0 => "",
        1 => " 1 more spooled report is being sent.",
        _ => $" {waiting} more spooled reports are being sent.",
    };

    private static string Rough(TimeSpan duration) => duration switch
    {
        { TotalMinutes: < 2 } => $"{duration.TotalSeconds:0} s",
        { TotalHours: < 2 } => $"{duration.TotalMinutes:0} min",
        { TotalDays: < 2 } => $"{duration.TotalHours:0} h",
        _ => $"{duration.TotalDays:0} days",
    };
}
