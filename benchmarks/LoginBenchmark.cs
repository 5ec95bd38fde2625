using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace StatusMonitor.Benchmarks;

/// <summary>
/// Whether the time of an answer tells that there is an account: refused sign-ins of a name that nobody has, and of one that somebody has with a wrong password, in an
/// order drawn by chance. Once with the parameters of hashes as they are, and once with the least there are, where what goes on around the hash shows best.
/// </summary>
internal static class LoginBenchmark
{
    /// <summary>Attempts of both kinds and the warm-up: the server lets an address have no more than 1,000, whatever it is told.</summary>
    private const int MaxAttempts = 900;
    private const int WarmUp = 20;
    private const int Seed = 20261122;

    public static async Task<int> RunAsync(string[] args)
    {
        var attempts = Math.Clamp(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 150, 2, MaxAttempts / 2 - WarmUp);
        await RunAsync("as it is", attempts);
        await RunAsync("least hash", attempts, "--password-memory-kib", "8", "--password-passes", "1");
        return 0;
    }

    private static async Task RunAsync(string parameters, int attempts, params string[] options)
    {
        await using var server = await ServerProcess.StartAsync(["--max-logins-per-name", "1000", "--max-logins-per-address", "1000", .. options]);
        string[] names = ["nobody", "admin"];
        var times = names.ToDictionary(name => name, _ => new List<double>());
        var order = Enumerable.Range(0, attempts * 2).Select(i => names[i % 2]).ToArray();
        new Random(Seed).Shuffle(order);

        // One after another: what is measured is one answer, not how many wait.
        foreach (var name in Enumerable.Range(0, WarmUp).Select(i => names[i % 2])) await TryAsync(server, name);
        foreach (var name in order) times[name].Add(await TryAsync(server, name));

        var (unknown, wrong) = (Summary.Of(times["nobody"]), Summary.Of(times["admin"]));
        var t = (unknown.Mean - wrong.Mean) / Math.Sqrt(unknown.Variance / attempts + wrong.Variance / attempts);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"login, {parameters}, {attempts} of each: unknown user {unknown.Mean:0.000} ms (sd {Math.Sqrt(unknown.Variance):0.000}), wrong password {wrong.Mean:0.000} ms (sd {Math.Sqrt(wrong.Variance):0.000}), t {t:0.00}"));
    }

    private static async Task<double> TryAsync(ServerProcess server, string name)
    {
        var began = Stopwatch.GetTimestamp();
        using var response = await server.Client.PostAsJsonAsync("/api/v1/auth/login", new Dictionary<string, string> { ["username"] = name, ["password"] = "not the password" });
        var time = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return response.StatusCode == HttpStatusCode.Unauthorized ? time : throw new InvalidOperationException($"The server answered {response.StatusCode}.");
    }

    private readonly record struct Summary(double Mean, double Variance)
    {
        public static Summary Of(List<double> values)
        {
            var mean = values.Average();
            return new Summary(mean, values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        }
    }
}
