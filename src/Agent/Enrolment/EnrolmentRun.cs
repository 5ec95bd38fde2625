using System.Globalization;
using StatusMonitor.Agent.Configuration;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Enrolment;

/// <summary>
/// Adds this machine to the server and writes down what its agent needs to report. Whatever can be found wrong without the server
/// is found before it is asked, because an enrolment token may be good for one use only.
/// </summary>
/// <param name="options">Where, with what and as whom.</param>
/// <param name="program">What a person types to start this program.</param>
/// <param name="time">For the timeout, and for how long the new token waits.</param>
/// <param name="log">Told why it failed.</param>
/// <param name="print">Told what was done and what to do next.</param>
internal sealed class EnrolmentRun(EnrolmentOptions options, string program, TimeProvider time, AgentLog log, Action<string> print)
{
    /// <summary>Runs. False, with the reason in the log, if this machine is not enrolled afterwards.</summary>
    /// <exception cref="UsageException">The configuration file that is there cannot be understood.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the server may have added the machine.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var config = ConfigFile.Read(options.ConfigFile, isRequired: false);
        if (config[ConfigFile.AgentToken] is not null && !options.IsForced)
        {
            return Failed($"{options.ConfigFile} has a token already, so this machine is enrolled. Nothing was sent; with {CommandLine.Force} it is enrolled anew, as another host.");
        }

        using var file = Prepare();
        if (file is null) return false;

        var (host, server) = await EnrolAsync(cancellationToken);
        if (host is null) return false;

        try
        {
            file.Commit(config.With([.. options.Servers.Select(static one => one.AbsoluteUri.TrimEnd('/'))], host.Token));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Failed(
                $"The server added this machine as the host '{host.Name}' (id {host.Id}), but the token of its agent could not be written to {options.ConfigFile} and is lost: {exception.Message} "
                + "Delete that host on the dashboard, put the file right and enrol again.");
        }

        print(
            $"""
            This machine is now the host '{Printable(host.Name)}' (id {host.Id}) of {server}; the token of its agent is in {options.ConfigFile}.
            Start the agent{Deadline(host.TokenExpiresAt)}:

              {program}{(options.HasOwnConfigFile ? $" {CommandLine.Config} {ShellWord.Quote(options.ConfigFile)}" : "")}
            """);
        return true;
    }

    /// <summary>Asks one address after the other, as long as it is certain that none of them has done anything.</summary>
    private async Task<(EnrolmentAnswer? Host, Uri Server)> EnrolAsync(CancellationToken cancellationToken)
    {
        foreach (var server in options.Servers)
        {
            using var client = new EnrolmentClient(server, time);
            var result = await client.EnrolAsync(options.Token, options.Name, cancellationToken);
            if (result.Host is not null) return (result.Host, server);
            if (!result.IsUntouched || server == options.Servers[^1])
            {
                Failed($"{result.Reason} {result.Advice}".TrimEnd());
                break;
            }

            log.Warning($"{result.Reason} The next address is tried.");
        }

        return (null, options.Servers[^1]);
    }

    private FileReplacement? Prepare()
    {
        try
        {
            return FileReplacement.Prepare(options.ConfigFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Failed($"The configuration file {options.ConfigFile} cannot be written: {exception.Message} Nothing was sent; the enrolment token is as good as before.");
            return null;
        }
    }

    /// <summary>By this machine's clock, so it is left out if that makes no sense.</summary>
    private string Deadline(DateTimeOffset end) => (end - time.GetUtcNow()).TotalMinutes is >= 0.5 and < 1000 and var minutes
        ? string.Create(CultureInfo.InvariantCulture, $" within {Math.Round(minutes)} min, or the token expires")
        : "";

    // The name comes back from a server: it must not talk to the terminal.
    private static string Printable(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c));

    private bool Failed(string reason)
    {
        log.Error(reason);
        return false;
    }
}
