using System.Runtime.InteropServices;
using System.Text;
using StatusMonitor.Agent.Collectors;
using StatusMonitor.Agent.Configuration;
using StatusMonitor.Agent.Enrolment;
using StatusMonitor.Agent.Sampling;
using StatusMonitor.Agent.Spool;

namespace StatusMonitor.Agent;

internal static class Program
{
    private const int Failed = 1;
    private const int WrongUsage = 2;

    private static async Task<int> Main(string[] arguments)
    {
        var time = TimeProvider.System;
        var log = new AgentLog(Console.OpenStandardError(), time);
        try
        {
            var commandLine = CommandLine.Parse(arguments);
            var options = new OptionsReader(commandLine, Environment.GetEnvironmentVariable, Home());
            switch (commandLine.Command)
            {
                case Command.Help:
                    Print(CommandLine.HelpText);
                    return 0;

                case Command.Version:
                    Print($"statusmonitor-agent {MachineInfo.Version}");
                    return 0;

                case Command.Once:
                    await PrintReportAsync(options.ReadInterval(), time, log);
                    return 0;

                case Command.Enroll:
                    return await EnrollAsync(options, time, log) ? 0 : Failed;

                default:
                    await RunAsync(options, time, log);
                    return 0;
            }
        }
        catch (UsageException exception)
        {
            log.Error(exception.Message);
            return WrongUsage;
        }
        catch (SpoolInUseException exception)
        {
            log.Error(exception.Message);
            return Failed;
        }
        catch (Exception exception)
        {
            log.Error($"The agent ends because of a fault of its own: {exception}");
            return Failed;
        }
    }

    private static async Task RunAsync(OptionsReader reader, TimeProvider time, AgentLog log)
    {
        var options = reader.Read();
        foreach (var warning in reader.Warnings) log.Warning(warning);
        using var stop = new StopSignal();
        await new AgentRun(options, new SystemFiles(), time, log).RunAsync(stop.Token);
        log.Info("Stopped.");
    }

    private static async Task<bool> EnrollAsync(OptionsReader reader, TimeProvider time, AgentLog log)
    {
        var options = reader.ReadEnrolment(MachineInfo.Hostname(new SystemFiles()));
        foreach (var warning in reader.Warnings) log.Warning(warning);
        using var stop = new StopSignal();
        try
        {
            return await new EnrolmentRun(options, ProgramName(), time, log, Print).RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            log.Error("Stopped before the server answered. It may have added this machine all the same: look on the dashboard before you try again.");
            return false;
        }
    }

    private static async Task PrintReportAsync(TimeSpan interval, TimeProvider time, AgentLog log)
    {
        var files = new SystemFiles();
        using var sampler = new Sampler(files, CollectorSet.ForLinux(files, time, log), time, interval);
        sampler.Prime();
        await Task.Delay(Sampler.FirstWindow, time);
        Print(Encoding.UTF8.GetString(sampler.Collect(sequence: 0).Span));
    }

    private static string? Home()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length == 0 ? null : home;
    }

    /// <summary>What a person types to start this program again: itself, or the runtime with it.</summary>
    private static string ProgramName()
    {
        if (Environment.ProcessPath is not { } path) return "statusmonitor-agent";
        return Path.GetFileNameWithoutExtension(path) == "dotnet" ? $"dotnet {ShellWord.Quote(Path.GetFullPath(Environment.GetCommandLineArgs()[0]))}" : ShellWord.Quote(path);
    }

    // Console.Out brings encodings and buffers along that stay in memory.
    private static void Print(string text)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes(text + "\n"));
    }

    /// <summary>Ctrl-C or the service manager, as a token; the second time the process ends by the signal itself.</summary>
    private sealed class StopSignal : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly PosixSignalRegistration _onInterrupt;
        private readonly PosixSignalRegistration _onTerminate;

        public StopSignal()
        {
            _onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            _onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        }

        public CancellationToken Token => _stop.Token;

        public void Dispose()
        {
            _onInterrupt.Dispose();
            _onTerminate.Dispose();
            _stop.Dispose();
        }

        private void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !_stop.IsCancellationRequested;
            _stop.Cancel();
        }
    }
}
