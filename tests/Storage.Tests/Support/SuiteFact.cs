using StatusMonitor.Storage.Tests.Postgres;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace StatusMonitor.Storage.Tests.Support;

/// <summary>Marks tests that need a PostgreSQL; without one they are skipped.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute;

/// <summary>A test of a suite that several stores derive, or of one that needs PostgreSQL: skipped where the class is marked <see cref="NeedsPostgresAttribute"/> and there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("StatusMonitor.Storage.Tests.Support.SuiteFactDiscoverer", "StatusMonitor.Storage.Tests")]
public sealed class SuiteFactAttribute : FactAttribute;

/// <inheritdoc cref="SuiteFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("StatusMonitor.Storage.Tests.Support.SuiteTheoryDiscoverer", "StatusMonitor.Storage.Tests")]
public sealed class SuiteTheoryAttribute : TheoryAttribute;

// The attribute of a base class cannot know which class derives it, and xunit 2 knows no skipping once a test runs.
internal sealed class SuiteFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo attribute) =>
        Missing(method) is { } reason
            ? new SkippedTestCase(reason, DiagnosticMessageSink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)
            : base.CreateTestCase(options, method, attribute);

    internal static string? Missing(ITestMethod method) =>
        method.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any() ? PostgresCluster.Missing : null;
}

internal sealed class SuiteTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo attribute) =>
        SuiteFactDiscoverer.Missing(method) is { } reason
            ? [new SkippedTestCase(reason, DiagnosticMessageSink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)]
            : base.Discover(options, method, attribute);
}

/// <summary>A test, or a whole theory, that is not run.</summary>
public sealed class SkippedTestCase : XunitTestCase
{
    private string _reason = "";

    /// <summary>For the runner, which reads it back.</summary>
    [Obsolete("For the runner alone.")]
    public SkippedTestCase()
    {
    }

    public SkippedTestCase(string reason, IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method) => _reason = reason;

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue("Reason", _reason);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        _reason = data.GetValue<string>("Reason");
        base.Deserialize(data);
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) => _reason;
}
