using Verb.Gateway.Settings;

namespace Verb.Gateway.Tests.Settings;

public sealed class ByteSizesTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("17", 17)]
    [InlineData("17B", 17)]
    [InlineData("64KiB", 65_536)]
    [InlineData("1 mib", 1_048_576)]
    [InlineData("1GiB", 1_073_741_824)]
    [InlineData("1TiB", 1_099_511_627_776)]
    public void A_size_is_read_in_bytes_or_with_its_unit(string text, long bytes)
    {
        ByteSizes.TryParse(text, out var size).ShouldBeTrue();
        size.ShouldBe(bytes);
        ByteSizes.TryParse(ByteSizes.Format(size), out var again).ShouldBeTrue();
        again.ShouldBe(bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("KiB")]
    [InlineData("-1")]
    [InlineData("1.5MiB")]
    [InlineData("1MB")]
    [InlineData("1k")]
    [InlineData("0x10")]
    [InlineData("9223372036854775808")]
    [InlineData("9007199254740992KiB")]
    public void Anything_else_is_refused(string text) => ByteSizes.TryParse(text, out _).ShouldBeFalse();
}
