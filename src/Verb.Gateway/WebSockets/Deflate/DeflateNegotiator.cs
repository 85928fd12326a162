using Verb.Actors.Connections;
using Verb.Actors.Delivery;

namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>Answers a client's extension offers for one route, and keeps the formats that its sockets share.</summary>
internal sealed class DeflateNegotiator(WebSocketProtocolOptions options, IDeflateEngine? engine = null)
{
    private readonly IDeflateEngine _engine = engine ?? DeflateEngine.Default;
    private readonly InflaterPool _inflaters = engine is null ? InflaterPool.Default : new InflaterPool(engine);
    private readonly SharedDeflateFormat?[] _shared = new SharedDeflateFormat?[DeflateEngine.LargestWindowBits + 1];

    /// <summary>The session for the first offer that can be honoured; null: no compression.</summary>
    public DeflateSession? Negotiate(IReadOnlyList<ExtensionOffer> offers)
    {
        if (options.Compression == CompressionMode.Disabled)
            return null;

        foreach (var extension in offers)
        {
            if (DeflateOffer.From(extension) is { } offer && CanHonour(offer))
                return Accept(offer);
        }

        return null;
    }

    private bool CanHonour(DeflateOffer offer) =>
        _engine.HasSmallWindows || offer.ServerWindowBits is null or DeflateEngine.LargestWindowBits;

    private DeflateSession Accept(DeflateOffer offer)
    {
        var dedicated = options.Compression == CompressionMode.Dedicated;
        var sendContext = dedicated && !offer.ServerNoContext;
        var receiveContext = dedicated && !offer.ClientNoContext && _engine.KeepsInflateContext;
        var bits = offer.ServerWindowBits ?? DeflateEngine.LargestWindowBits;

        IWireFormat format = sendContext
            ? new DedicatedDeflateFormat(_engine, bits, options.CompressionThreshold)
            : _shared[bits] ??= new SharedDeflateFormat(_engine, bits, options.CompressionThreshold);
        return new DeflateSession(format, new MessageInflater(_engine, _inflaters, receiveContext), Response(offer, sendContext, receiveContext));
    }

    private static string Response(DeflateOffer offer, bool sendContext, bool receiveContext) =>
        "permessage-deflate"
        + (sendContext ? "" : "; server_no_context_takeover")
        + (receiveContext ? "" : "; client_no_context_takeover")
        + (offer.ServerWindowBits is { } server ? $"; server_max_window_bits={server}" : "")
        + (offer.ClientWindowBits is { } client ? $"; client_max_window_bits={client}" : "");
}
