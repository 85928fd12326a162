using Verb.Actors.Connections;
using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Deflate;

namespace Verb.Gateway.Tests.WebSockets;

public class DeflateNegotiationTests
{
    private const string NoContext = "; server_no_context_takeover; client_no_context_takeover";

    [Theory]
    [InlineData("permessage-deflate", "permessage-deflate" + NoContext)]
    [InlineData("permessage-deflate; client_max_window_bits", "permessage-deflate" + NoContext)]
    [InlineData("permessage-deflate; client_max_window_bits=10", "permessage-deflate" + NoContext + "; client_max_window_bits=10")]
    [InlineData("permessage-deflate; server_max_window_bits=15", "permessage-deflate" + NoContext + "; server_max_window_bits=15")]
    [InlineData("permessage-deflate; server_max_window_bits=\"9\"", "permessage-deflate" + NoContext + "; server_max_window_bits=9")]
    [InlineData("Permessage-Deflate;server_no_context_takeover ; client_no_context_takeover", "permessage-deflate" + NoContext)]
    [InlineData("x-webkit-deflate-frame, permessage-deflate", "permessage-deflate" + NoContext)]
    [InlineData("permessage-deflate; unknown, permessage-deflate; server_max_window_bits=12", "permessage-deflate" + NoContext + "; server_max_window_bits=12")]
    public void The_first_acceptable_offer_is_answered(string header, string response) =>
        Negotiate(header, CompressionMode.Shared)!.Response.ShouldBe(response);

    [Theory]
    [InlineData("permessage-deflate", "permessage-deflate")]
    [InlineData("permessage-deflate; client_no_context_takeover", "permessage-deflate; client_no_context_takeover")]
    [InlineData("permessage-deflate; server_no_context_takeover", "permessage-deflate; server_no_context_takeover")]
    [InlineData("permessage-deflate; server_max_window_bits=8; client_max_window_bits=8", "permessage-deflate; server_max_window_bits=8; client_max_window_bits=8")]
    public void Dedicated_compression_keeps_the_contexts_it_may(string header, string response) =>
        Negotiate(header, CompressionMode.Dedicated)!.Response.ShouldBe(response);

    [Theory]
    [InlineData("permessage-deflate; unknown")]
    [InlineData("permessage-deflate; server_no_context_takeover=1")]
    [InlineData("permessage-deflate; client_no_context_takeover=true")]
    [InlineData("permessage-deflate; server_no_context_takeover; server_no_context_takeover")]
    [InlineData("permessage-deflate; server_max_window_bits")]
    [InlineData("permessage-deflate; server_max_window_bits=7")]
    [InlineData("permessage-deflate; server_max_window_bits=16")]
    [InlineData("permessage-deflate; server_max_window_bits=010")]
    [InlineData("permessage-deflate; server_max_window_bits=+9")]
    [InlineData("permessage-deflate; client_max_window_bits=7")]
    [InlineData("permessage-deflate; client_max_window_bits=x")]
    [InlineData("permessage-deflate; client_max_window_bits; client_max_window_bits=9")]
    [InlineData("permessage-bzip2")]
    public void An_offer_that_is_not_valid_is_declined(string header) => Negotiate(header, CompressionMode.Shared).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("permessage-deflate,")]
    [InlineData("permessage-deflate;")]
    [InlineData("permessage-deflate; =1")]
    [InlineData("permessage-deflate; client_max_window_bits=")]
    [InlineData("permessage-deflate; client_max_window_bits=\"9")]
    [InlineData("permessage-deflate; client_max_window_bits=\"\"")]
    [InlineData("permessage deflate")]
    [InlineData("permessage-deflate; a=b c")]
    [InlineData("(permessage-deflate)")]
    public void A_header_that_breaks_the_grammar_is_no_list_of_offers(string header) => ExtensionOffers.Parse(header).ShouldBeNull();

    [Fact]
    public void Disabled_compression_declines_everything() => Negotiate("permessage-deflate", CompressionMode.Disabled).ShouldBeNull();

    [Theory]
    [InlineData("permessage-deflate", "permessage-deflate; server_max_window_bits=11")]
    [InlineData("permessage-deflate; server_max_window_bits=13", "permessage-deflate; server_max_window_bits=11")]
    [InlineData("permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=10")]
    [InlineData("permessage-deflate; client_max_window_bits", "permessage-deflate; server_max_window_bits=11; client_max_window_bits=12")]
    [InlineData("permessage-deflate; client_max_window_bits=15", "permessage-deflate; server_max_window_bits=11; client_max_window_bits=12")]
    [InlineData("permessage-deflate; client_max_window_bits=9", "permessage-deflate; server_max_window_bits=11; client_max_window_bits=9")]
    public void A_route_demands_smaller_windows_of_whom_it_may(string header, string response) =>
        Negotiate(header, new WebSocketProtocolOptions { Compression = CompressionMode.Dedicated, ServerMaxWindowBits = 11, ClientMaxWindowBits = 12 })!.Response.ShouldBe(response);

    [Theory]
    [InlineData(true, false, "; server_no_context_takeover")]
    [InlineData(false, true, "; client_no_context_takeover")]
    [InlineData(true, true, NoContext)]
    public void A_route_may_give_up_contexts_of_dedicated_compression(bool server, bool client, string response) =>
        Negotiate(
            "permessage-deflate",
            new WebSocketProtocolOptions { Compression = CompressionMode.Dedicated, ServerNoContextTakeover = server, ClientNoContextTakeover = client })!
            .Response.ShouldBe("permessage-deflate" + response);

    [Fact]
    public void Without_context_all_sockets_with_the_same_window_share_the_bytes()
    {
        var shared = new DeflateNegotiator(new WebSocketProtocolOptions());
        var slots = Enumerable.Range(8, 8).Select(bits => shared.Negotiate(ExtensionOffers.Parse($"permessage-deflate; server_max_window_bits={bits}")!)!.Format.Slot);
        slots.ShouldBe([7, 7, 6, 5, 4, 3, 2, 1]);
        Negotiate("permessage-deflate", CompressionMode.Shared)!.Format.Slot.ShouldBe(1);
        Negotiate("permessage-deflate; server_no_context_takeover", CompressionMode.Dedicated)!.Format.Slot.ShouldBe(1);
        Negotiate("permessage-deflate", CompressionMode.Dedicated)!.Format.Slot.ShouldBe(-1);
    }

    [Fact]
    public void Without_zlib_small_windows_are_declined_and_no_receive_context_is_kept()
    {
        Negotiate("permessage-deflate; server_max_window_bits=14", CompressionMode.Shared, new StreamEngine()).ShouldBeNull();
        Negotiate("permessage-deflate", new WebSocketProtocolOptions { ServerMaxWindowBits = 9 }, new StreamEngine())!.Response.ShouldBe("permessage-deflate" + NoContext);
        Negotiate("permessage-deflate", CompressionMode.Dedicated, new StreamEngine())!.Response
            .ShouldBe("permessage-deflate; client_no_context_takeover");
    }

    private static DeflateSession? Negotiate(string header, CompressionMode mode, IDeflateEngine? engine = null) =>
        Negotiate(header, new WebSocketProtocolOptions { Compression = mode }, engine);

    private static DeflateSession? Negotiate(string header, WebSocketProtocolOptions options, IDeflateEngine? engine = null) =>
        new DeflateNegotiator(options, engine).Negotiate(ExtensionOffers.Parse(header)!);
}
