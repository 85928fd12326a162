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
            if (DeflateOffer.From(extension) is { } offer && DeflateAgreement.Between(offer, options, _engine) is { } agreement)
                return Open(agreement);
        }

        return null;
    }

    private DeflateSession Open(DeflateAgreement agreement)
    {
        var sendBits = agreement.SendBits ?? DeflateEngine.LargestWindowBits;
        var receiveBits = agreement.ReceiveBits ?? DeflateEngine.LargestWindowBits;
        IWireFormat format = agreement.SendContext
            ? new DedicatedDeflateFormat(_engine, sendBits, options.CompressionThreshold)
            : _shared[sendBits] ??= new SharedDeflateFormat(_engine, sendBits, options.CompressionThreshold);
        var inflater = agreement.ReceiveContext ? MessageInflater.WithContext(_engine, receiveBits) : MessageInflater.WithoutContext(_inflaters);
        return new DeflateSession(format, inflater, agreement.Response);
    }
}
