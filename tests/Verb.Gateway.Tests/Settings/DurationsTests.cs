using Verb.Gateway.Settings;

namespace Verb.Gateway.Tests.Settings;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("500ms", 0.5)]
    [InlineData("2s", 2)]
    [InlineData(" 120 s ", 120)]
    [InlineData("1.5S", 1.5)]
    [InlineData("10m", 600)]
    [InlineData("1h", 3600)]
    [InlineData("7d", 604_800)]
    [InlineData("00:00:02", 2)]
    [InlineData("1.00:00:00", 86_400)]
    public void A_duration_with_a_unit_or_as_a_clock_is_read(string text, double seconds)
    {
        Durations.TryParse(text, out var duration).ShouldBeTrue();
        duration.TotalSeconds.ShouldBe(seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1e3s")]
    [InlineData("1,5s")]
    [InlineData("NaNs")]
    [InlineData("Infinityd")]
    [InlineData("3651d")]
    [InlineData("99999999999999999999999h")]
    [InlineData("-00:00:01")]
    [InlineData("25:61:00")]
    [InlineData("2 weeks")]
    public void Anything_else_is_refused(string text) => Durations.TryParse(text, out _).ShouldBeFalse();
}
