using System.Text.RegularExpressions;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests;

/// <summary>What the files for containers and clusters say of the server is true of it.</summary>
public sealed partial class DeploymentTests
{
    // The agent's own; what it is given beside them is the server's business.
    private static readonly string[] AgentVariables = ["STATUSMONITOR_SERVER_URL", "STATUSMONITOR_AGENT_TOKEN", "STATUSMONITOR_INTERVAL", "STATUSMONITOR_SPOOL"];

    private static string Root => ServerProcess.RepositoryRoot();

    private static IEnumerable<string> Files
    {
        get
        {
            string[] named = ["docker-compose.yml", "docker-compose.prod.yml", ".env.example"];
            var found = new[] { "deploy", "tools" }.Select(folder => Path.Combine(Root, folder)).Where(Directory.Exists).SelectMany(folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
            return [.. named.Where(name => File.Exists(Path.Combine(Root, name))), .. found.Where(IsOfContainers).Select(path => Path.GetRelativePath(Root, path))];
        }
    }

    public static TheoryData<string> FileNames => [.. Files];

    [Theory]
    [MemberData(nameof(FileNames))]
    public void EveryVariable_IsAnOption(string file)
    {
        var options = typeof(ServerOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)
            .Concat(SecretFiles.Names.Select(name => $"{name}_FILE"))
            .Select(name => $"STATUSMONITOR_{name.ToUpperInvariant()}")
            .Concat(AgentVariables)
            .ToHashSet(StringComparer.Ordinal);
        var used = Variable().Matches(File.ReadAllText(Path.Combine(Root, file))).Select(match => match.Value).Distinct();
        Assert.DoesNotContain(used, name => !options.Contains(name));
    }

    [Fact]
    public void EachSecret_IsAnOption() =>
        Assert.All(SecretFiles.Names, name => Assert.Equal(typeof(string), typeof(ServerOptions).GetProperty(name)?.PropertyType));

    [Fact]
    public async Task EveryProbe_IsAnswered()
    {
        await using var server = await RunningServer.StartAsync();
        var probes = Files.SelectMany(file => Probe().Matches(File.ReadAllText(Path.Combine(Root, file)))).Select(match => match.Value).Distinct().ToArray();
        Assert.NotEmpty(probes);
        foreach (var probe in probes)
        {
            using var response = await server.Anonymous.GetAsync(probe);
            Assert.True(response.IsSuccessStatusCode, $"{probe}: {response.StatusCode}");
        }
    }

    private static bool IsOfContainers(string path) => Path.GetFileName(path) == "Dockerfile" || Path.GetExtension(path) is ".yaml" or ".yml" or ".sh" or ".conf";

    [GeneratedRegex("STATUSMONITOR_[A-Z_]+")]
    private static partial Regex Variable();

    [GeneratedRegex("/health[a-z/]*")]
    private static partial Regex Probe();
}
