namespace Verb.Contracts.Tests.Ids;

public sealed class IdentifierTests
{
    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("staff/log?x=1")]
    [InlineData("räume")]
    [InlineData("😀")]
    [InlineData("\"\\<>&")]
    public void Any_text_without_control_characters_is_a_name_and_a_label(string value)
    {
        Identifier.IsName(value).ShouldBeTrue();
        Identifier.IsLabel(value).ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a\0")]
    [InlineData("\n")]
    [InlineData("a\u007f")]
    [InlineData("\u0085")]
    public void Nothing_and_control_characters_are_neither(string? value) => Refused(value);

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public void What_changes_a_path_is_no_name(string value)
    {
        Identifier.IsName(value).ShouldBeFalse();
        RoomId.TryParse(value, out _).ShouldBeFalse();
        TopicName.TryParse(value, out _).ShouldBeFalse();
        UserId.TryParse(value, out _).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => new RoomId(value)).Message.ShouldContain("neither '.' nor '..'");
        Identifier.IsLabel(value).ShouldBeTrue("labels stand in no path");
    }

    [Theory]
    [InlineData("a/./b")]
    [InlineData("../a")]
    [InlineData("a/..")]
    [InlineData("stocks/.")]
    public void No_part_of_a_topic_changes_a_path(string value)
    {
        TopicName.TryParse(value, out _).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => new TopicName(value));
        RoomId.TryParse(value, out _).ShouldBeTrue("its slashes are encoded");
    }

    [Theory]
    [InlineData("...")]
    [InlineData(".a")]
    [InlineData("a./b")]
    [InlineData("a//b")]
    [InlineData("/")]
    public void Other_dots_and_slashes_are_as_good_as_any_character(string value)
    {
        TopicName.TryParse(value, out _).ShouldBeTrue();
        UserId.TryParse(value, out _).ShouldBeTrue();
    }

    [Fact]
    public void Lone_surrogates_are_neither()
    {
        // No theory: an attribute cannot hold them.
        foreach (var value in new[] { "\ud800", "\udc00", "a\udc00\ud800", "\ud83d\ud83d\ude00", "\ud83d" })
            Refused(value);
    }

    [Fact]
    public void A_name_has_at_most_200_utf8_bytes()
    {
        Identifier.IsName(new string('x', 200)).ShouldBeTrue();
        Identifier.IsName(new string('x', 201)).ShouldBeFalse();
        Identifier.IsName(new string('ä', 100)).ShouldBeTrue();
        Identifier.IsName(new string('ä', 101)).ShouldBeFalse();
        Identifier.IsName(string.Concat(Enumerable.Repeat("😀", 50))).ShouldBeTrue();
        Identifier.IsName(string.Concat(Enumerable.Repeat("😀", 51))).ShouldBeFalse();
    }

    [Fact]
    public void A_label_has_at_most_64_characters()
    {
        Identifier.IsLabel(new string('ä', 64)).ShouldBeTrue();
        Identifier.IsLabel(new string('x', 65)).ShouldBeFalse();
    }

    [Fact]
    public void Ids_are_case_sensitive_and_equal_by_value()
    {
        new RoomId("a").ShouldBe(new RoomId("a"));
        new RoomId("a").ShouldNotBe(new RoomId("A"));
        new RoomId("a").ToString().ShouldBe("a");
    }

    private static void Refused(string? value)
    {
        Identifier.IsName(value).ShouldBeFalse();
        Identifier.IsLabel(value).ShouldBeFalse();
        RoomId.TryParse(value, out _).ShouldBeFalse();
        TopicName.TryParse(value, out _).ShouldBeFalse();
        UserId.TryParse(value, out _).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => new RoomId(value!));
        Should.Throw<ArgumentException>(() => new TopicName(value!));
        Should.Throw<ArgumentException>(() => new UserId(value!));
    }
}
