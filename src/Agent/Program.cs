using System.Runtime.InteropServices;
using System.Text;
using StatusMonitor.Agent.Collectors;
using StatusMonitor.Agent.Configuration;
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

        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            // The second time it ends by the signal itself.
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await new AgentRun(options, new SystemFiles(), time, log).RunAsync(stop.Token);
        log.Info("Stopped.");
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

    // Console.Out brings encodings and buffers along that stay in memory.
    private static void Print(string text)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes(text + "\n"));
    }
}
