using Verb.Gateway.Handshake;

namespace Verb.Gateway.Tests.Handshake;

public sealed class SubprotocolNamesTests
{
    [Fact]
    public void Names_come_on_several_lines_each_once_in_the_clients_order_without_secrets()
    {
        SubprotocolNames.Offered(new(["chat-v2 ,verb.v1", "bearer.a.b.c,chat-v2", "session.x", ""])).ShouldBe(["chat-v2", "verb.v1"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("verb.v1")]
    [InlineData("a, b ,c")]
    [InlineData("bearer.abc-_.x")]
    public void Tokens_are_well_formed(string line) => SubprotocolNames.AreWellFormed(line).ShouldBeTrue();

    [Theory]
    [InlineData("a b")]
    [InlineData("a;b")]
    [InlineData("\"verb.v1\"")]
    [InlineData("verb.v1\r\nX: y")]
    [InlineData("vérb")]
    [InlineData("a\0")]
    [InlineData("a/b")]
    public void Anything_else_is_not(string line) => SubprotocolNames.AreWellFormed(line).ShouldBeFalse();
}
