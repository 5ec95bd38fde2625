using Microsoft.Extensions.Options;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Grains.Tests.Accounts;

public sealed class AccountOptionsTests
{
    [Fact]
    public void TheDefaults_AreGood()
    {
        var options = new AccountOptions();
        Assert.Same(options, options.Checked());
    }

    [Theory]
    [InlineData(nameof(AccountOptions.RefreshLifetime), 0)]
    [InlineData(nameof(AccountOptions.RefreshLifetime), 4000)]
    [InlineData(nameof(AccountOptions.MaxSessions), 0)]
    [InlineData(nameof(AccountOptions.MaxEnrolmentTokens), -1)]
    [InlineData(nameof(AccountOptions.MaxAccounts), 0)]
    [InlineData(nameof(AccountOptions.WatchLease), 0)]
    [InlineData(nameof(AccountOptions.WatchLease), 2)]
    public void OneThatCannotBeLivedBy_IsNamed(string name, int value)
    {
        var options = new AccountOptions();
        var property = typeof(AccountOptions).GetProperty(name)!;
        property.SetValue(options, property.PropertyType == typeof(TimeSpan) ? TimeSpan.FromDays(value) : value);

        var exception = Assert.Throws<OptionsValidationException>(options.Checked);
        Assert.Contains($"AccountOptions.{name} is ", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void EverythingThatIsWrong_IsNamedAtOnce()
    {
        var options = new AccountOptions { MaxSessions = 0, MaxAccounts = -3 };

        Assert.Equal(2, Assert.Throws<OptionsValidationException>(options.Checked).Failures.Count());
    }
}
